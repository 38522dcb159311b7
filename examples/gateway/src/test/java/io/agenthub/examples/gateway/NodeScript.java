package io.agenthub.examples.gateway;

import io.agenthub.api.rpc.JsonText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A check that other people's parsers make, in JavaScript beside their packages. */
final class NodeScript {
    private NodeScript() {}

    /** Runs a script; answers the JSON it printed. */
    static JsonText run(String name, String... arguments) {
        Path script = Path.of(System.getProperty("agenthub.npm.dir", "src/test/npm/node_modules"))
                .toAbsolutePath()
                .resolveSibling(name);
        List<String> command = new ArrayList<>(List.of("node", script.toString()));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw new AssertionError(name + " ended with " + code + "; see its error output");
            }
            return JsonText.of(printed.strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
