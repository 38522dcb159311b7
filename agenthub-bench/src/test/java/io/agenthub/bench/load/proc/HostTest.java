package io.agenthub.bench.load.proc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostTest {
    @TempDir
    private Path folder;

    private Path stat;
    private long stolen = 7;
    private long used = 1_000;

    @BeforeEach
    void begin() throws IOException {
        stat = folder.resolve("stat");
        write();
    }

    private void write() throws IOException {
        Files.writeString(stat, "cpu  " + used + " 1 2 3 4 5 6 " + stolen + " 0 0\ncpu0 9 9 9 9 9 9 9 9 9 9\n");
    }

    /** Takes measurements of 1,000 ticks, during which others take so many. */
    private List<Integer> taken(Host host, Integer... thefts) throws IOException {
        Iterator<Integer> next = List.of(thefts).iterator();
        List<Integer> taken = new ArrayList<>();
        int kept = host.undisturbed(() -> {
            int theft = next.next();
            taken.add(theft);
            stolen += theft;
            used += 1_000 - theft;
            write();
            return theft;
        });
        taken.add(kept);
        return taken;
    }

    @Test
    void whatNobodyDisturbsStands() throws IOException {
        Host host = new Host(stat, 3);
        assertEquals(List.of(5, 5), taken(host, 5));
        assertEquals(
                "1 measurements, taken 1 times until the host had taken at most 0.5 % of the processors meanwhile",
                host.describe());
    }

    @Test
    void whatIsDisturbedIsTakenAgain() throws IOException {
        Host host = new Host(stat, 3);
        assertEquals(List.of(100, 6, 0, 0), taken(host, 100, 6, 0));
        assertEquals(List.of(100, 40, 60, 40), taken(host, 100, 40, 60), "the least disturbed is kept");
        assertEquals(
                "2 measurements, taken 6 times until the host had taken at most 0.5 % of the processors meanwhile;"
                        + " 1 stayed disturbed, by up to 4.0 %",
                host.describe());
    }

    @Test
    void whereNothingIsKnownEverythingStands() throws IOException {
        Host host = new Host(folder.resolve("none"), 3);
        assertEquals(List.of(100, 100), taken(host, 100));
    }
}
