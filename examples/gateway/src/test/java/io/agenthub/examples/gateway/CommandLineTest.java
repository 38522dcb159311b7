package io.agenthub.examples.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    @Test
    void nothingMeansTheDemo() {
        CommandLine line = CommandLine.parse();

        assertEquals(Optional.empty(), line.config());
        assertEquals(List.of(), line.command());
        assertEquals(OptionalInt.empty(), line.port());
    }

    @Test
    void everyOptionIsTaken() {
        CommandLine line = CommandLine.parse(
                "--config", "servers.json", "--host", "::1", "--port", "0", "--data", "/var/lib/agenthub");

        assertEquals(Optional.of(Path.of("servers.json")), line.config());
        assertEquals(Optional.of("::1"), line.host());
        assertEquals(OptionalInt.of(0), line.port());
        assertEquals(Optional.of(Path.of("/var/lib/agenthub")), line.data());
    }

    @Test
    void aValueMayStandBehindAnEqualsSign() {
        CommandLine line = CommandLine.parse("--port=8080", "--host=127.0.0.1", "--config=a=b.json");

        assertEquals(OptionalInt.of(8080), line.port());
        assertEquals(Optional.of(Path.of("a=b.json")), line.config());
    }

    @Test
    void whatStandsBehindTwoDashesIsTheCommandWhateverItLooksLike() {
        CommandLine line = CommandLine.parse("--name", "files", "--", "npx", "-y", "--port", "--", "x=y", "");

        assertEquals(Optional.of("files"), line.name());
        assertEquals(List.of("npx", "-y", "--port", "--", "x=y", ""), line.command());
        assertEquals(OptionalInt.empty(), line.port());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--bogus",
                "-x",
                "config.json",
                "--port",
                "--port x",
                "--port -1",
                "--port 65536",
                "--port 1.5",
                "--port 1 --port 2",
                "--config",
                "--config --",
                "--config a --config b",
                "--host= ",
                "--",
                "--name x",
                "--config a -- b",
                "--help=yes please"
            })
    void whatMakesNoSenseIsRefused(String arguments) {
        assertThrows(UsageException.class, () -> CommandLine.parse(arguments.split(" ", -1)));
    }

    @Test
    void theUsageNamesEveryOption() {
        for (String option :
                List.of("--config", "--host", "--port", "--data", "--name", "--help", "--version", "-- COMMAND")) {
            assertTrue(CommandLine.USAGE.contains(option), option);
        }
        assertTrue(
                CommandLine.USAGE.lines().allMatch(line -> line.length() <= 100),
                "a line longer than a terminal is wide");
        assertTrue(Pattern.compile("(?m)^Usage: ").matcher(CommandLine.USAGE).find());
    }
}
