package io.agenthub.bench.load.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasurementsTest {
    private static final Series RATE = new Series("throughput", "64", "agenthub", "rate");

    private final Measurements measurements = new Measurements();

    @Test
    void whatIsWrittenCanBeReadAgain(@TempDir Path folder) throws IOException {
        measurements.add(RATE, 81_234.5);
        measurements.add(RATE, 79_000);
        measurements.add(new Series("slow", "", "relay", "growth"), 0.125);
        Surroundings where = new Surroundings(Map.of("JDK", "17: that one", "Processor", ""));
        measurements.write(folder.resolve("numbers.csv"), where);

        Measurements read = Measurements.read(folder.resolve("numbers.csv"));

        assertEquals(List.of(81_234.5, 79_000.0), read.values(RATE));
        assertEquals(List.of(0.125), read.values(new Series("slow", "", "relay", "growth")));
        assertEquals(where, Surroundings.read(folder.resolve("numbers.csv")));
    }

    @Test
    void aTotalGoesOverAllScenariosAndRounds() {
        measurements.add(new Series("a", "1", "agenthub", "errors"), 1);
        measurements.add(new Series("a", "1", "agenthub", "errors"), 0);
        measurements.add(new Series("b", "", "agenthub", "errors"), 2);
        measurements.add(new Series("b", "", "relay", "errors"), 8);

        assertEquals(Optional.of(3.0), measurements.total("errors", "agenthub"));
    }

    @Test
    void aTotalOfNothingIsNotZero() {
        assertTrue(measurements.total("errors", "agenthub").isEmpty());
    }
}
