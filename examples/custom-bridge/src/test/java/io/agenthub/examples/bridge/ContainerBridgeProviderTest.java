package io.agenthub.examples.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.bridge.Connector;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.server.ServerLimits;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.spi.ProviderContext;
import io.agenthub.core.AgentHub;
import io.agenthub.tck.Await;
import io.agenthub.tck.FakeMcpServer;
import io.agenthub.tck.ProcessBridgeTck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole bridge contract, over an engine that runs the "image" as a plain process. */
class ContainerBridgeProviderTest extends ProcessBridgeTck {
    @TempDir
    Path folder;

    /** An engine that drops {@code run -i --rm IMAGE} and becomes the rest of its command line. */
    private String engine() {
        try {
            Path script = folder.resolve("engine");
            if (!Files.exists(script)) {
                Files.writeString(script, "#!/bin/sh\nshift 4\nexec \"$@\"\n");
                Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
            }
            return script.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ServerSpec.Builder server(String... modes) {
        return ServerSpec.builder(SERVER, "container")
                .setting("image", "example/fake-mcp-server")
                .setting("engine", engine())
                .setting("args", List.of(FakeMcpServer.command(modes)));
    }

    @Override
    protected Connector connector(ProviderContext context, ServerLimits limits, String... modes) {
        return new ContainerBridgeProvider().create(server(modes).limits(limits).build(), context);
    }

    @Test
    void aHubFindsTheBridgeByItsName() {
        try (Hub hub = AgentHub.builder().server(server().build()).build()) {
            Await.value(hub.start());
            assertEquals(
                    "hello from a container",
                    Await.value(hub.server(SERVER).callTool("echo", Map.of("text", "hello from a container")))
                            .text());
        }
    }

    @Test
    void aMissingImageIsNamed() {
        ServerSpec incomplete = ServerSpec.builder("a", "container").build();
        ConfigurationException failure = assertThrows(
                ConfigurationException.class,
                () -> AgentHub.builder().server(incomplete).build());
        assertTrue(failure.getMessage().contains("image"), failure.getMessage());
    }
}
