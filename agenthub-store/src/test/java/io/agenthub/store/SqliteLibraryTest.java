package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.jdbc4.JDBC4Connection;

/** In a JVM of its own each time, since a library is loaded once. */
class SqliteLibraryTest {
    @TempDir
    Path temporary;

    /** Loads the library, says what the system knows of it, and uses it. */
    static final class Program {
        private Program() {}

        public static void main(String[] args) throws Exception {
            SqliteLibrary.load();
            System.out.println("told: " + System.getProperty("org.sqlite.lib.path"));
            try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
                System.out.println("ours: " + maps.anyMatch(line -> line.contains("/agenthub-sqlite-")));
            }
            try (Connection connection =
                    new JDBC4Connection("jdbc:sqlite::memory:", ":memory:", new java.util.Properties())) {
                System.out.println("usable: " + connection.isValid(1));
            }
        }
    }

    private List<String> run(String option) throws Exception {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx64m",
                        option,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        return said.lines().toList();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theLibraryIsLoadedFromAFolderOfOurOwnOfWhichNothingIsLeft() throws Exception {
        assertEquals(List.of("told: null", "ours: true", "usable: true"), run("-Dorg.sqlite.tmpdir=" + temporary));
        try (Stream<Path> left = Files.list(temporary)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whoNamesAFolderIsHeard() throws Exception {
        // There is no library in it, so the driver unpacks its own.
        assertEquals(
                List.of("told: " + temporary, "ours: false", "usable: true"),
                run("-Dorg.sqlite.lib.path=" + temporary));
    }
}
