package io.agenthub.examples.gateway.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The machine allows no further process and no further thread: a server cannot start, and that is all that happens. */
@Tag("figure")
@EnabledOnOs(OS.LINUX)
class ProcessLimitTest {
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));
    private static final String NOBODY = "65534";

    @TempDir
    Path folder;

    private Process program;

    @AfterEach
    void end() {
        if (program != null) {
            program.destroyForcibly();
        }
    }

    @Test
    @Timeout(120)
    void aServerThatCannotBeForkedFailsAloneAndStartsLater() throws Exception {
        program = start();
        BufferedReader said = program.inputReader(StandardCharsets.UTF_8);
        PrintStream orders = new PrintStream(program.getOutputStream(), true, StandardCharsets.UTF_8);
        assertEquals("running: hello", next(said));

        String usual = limit();
        limit("1");
        orders.println("go on");
        String refused = next(said);
        assertTrue(refused.startsWith("new: SPAWN_FAILED"), refused);
        assertTrue(refused.contains("new"), refused);
        assertEquals("running: 100", next(said));

        limit(usual);
        orders.println("go on");
        assertEquals("new: hello", next(said));
        assertEquals(0, program.waitFor());
    }

    private Process start() throws IOException {
        List<String> command = new ArrayList<>();
        String path = System.getProperty("java.class.path");
        if (ROOT) {
            path = readable(path);
        }
        command.addAll(user());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", path));
        command.addAll(List.of(LimitedHub.class.getName(), scratch().toString()));
        return new ProcessBuilder(command)
                .redirectError(
                        ProcessBuilder.Redirect.to(folder.resolve("errors").toFile()))
                .start();
    }

    /** What a program runs as somebody else with, if need be: the limit does not bind root. */
    private static List<String> user() {
        return ROOT ? List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups") : List.of();
    }

    private String limit() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(program.pid()), "limits")).stream()
                .filter(line -> line.startsWith("Max processes"))
                .map(line -> line.substring("Max processes".length()).trim().replaceFirst(" .*", ""))
                .findFirst()
                .orElseThrow();
    }

    private void limit(String processes) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(user());
        command.addAll(List.of("prlimit", "--pid=" + program.pid(), "--nproc=" + processes + ":"));
        int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        assertEquals(0, code, "prlimit");
    }

    private String next(BufferedReader said) throws IOException {
        String line = said.readLine();
        while (line != null && !line.startsWith("running: ") && !line.startsWith("new: ")) {
            line = said.readLine();
        }
        return line == null ? "it ended: " + Files.readString(folder.resolve("errors")) : line;
    }

    /** A folder for everybody. */
    private Path scratch() throws IOException {
        Path scratch = Files.createDirectory(folder.resolve("scratch"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        return Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    /** A copy of the class path that everybody may read. */
    private String readable(String path) throws IOException {
        List<String> entries = new ArrayList<>();
        for (String entry : path.split(File.pathSeparator, -1)) {
            Path source = Path.of(entry);
            if (Files.exists(source)) {
                Path copy = folder.resolve("path-" + entries.size() + "-" + source.getFileName());
                copy(source, copy);
                entries.add(copy.toString());
            }
        }
        return String.join(File.pathSeparator, entries);
    }

    private static void copy(Path source, Path target) throws IOException {
        try (Stream<Path> files = Files.walk(source)) {
            files.forEach(file -> {
                try {
                    Files.copy(file, target.resolve(source.relativize(file).toString()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
