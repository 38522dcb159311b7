package io.agenthub.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.tck.FakeMcpServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The program runs as a user runs it: in a JVM of its own, which ends by itself. */
class QuickstartTest {
    @Test
    void itListsTheToolsCallsOneAndEnds() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Quickstart.class.getName()));
        command.addAll(List.of(FakeMcpServer.command()));
        Process program = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        program.getOutputStream().close();
        String output;
        try (InputStream out = program.getInputStream()) {
            output = new String(out.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertTrue(program.waitFor(30, TimeUnit.SECONDS), output);
        assertEquals(0, program.exitValue(), output);
        assertTrue(output.lines().anyMatch("echo"::equals), output);
        assertTrue(output.contains("hello"), output);
    }
}
