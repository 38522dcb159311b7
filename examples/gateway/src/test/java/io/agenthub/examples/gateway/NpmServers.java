package io.agenthub.examples.gateway;

import io.agenthub.api.server.ServerSpec;
import java.nio.file.Files;
import java.nio.file.Path;

/** The reference servers of the protocol's authors, as npm installs them. */
final class NpmServers {
    private NpmServers() {}

    static ServerSpec.Builder server(String name, String... arguments) {
        Path script = Path.of(System.getProperty("agenthub.npm.dir", "src/test/npm/node_modules"))
                .resolve("@modelcontextprotocol/server-" + name + "/dist/index.js")
                .toAbsolutePath();
        if (!Files.exists(script)) {
            throw new IllegalStateException(script + " is missing; run 'npm ci' in src/test/npm");
        }
        String[] command = new String[arguments.length + 2];
        command[0] = "node";
        command[1] = script.toString();
        System.arraycopy(arguments, 0, command, 2, arguments.length);
        return ServerSpec.stdio(name, command);
    }
}
