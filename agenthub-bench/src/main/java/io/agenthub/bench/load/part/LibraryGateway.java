package io.agenthub.bench.load.part;

import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.core.AgentHub;
import io.agenthub.core.HubResources;
import io.agenthub.gateway.Gateway;
import io.agenthub.gateway.GatewayConfig;
import io.agenthub.mcp.McpServersFileProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** The gateway put together from the library, where the application has not been built. Ends with its process. */
public final class LibraryGateway {
    private LibraryGateway() {}

    /**
     * Listens until the process is ended.
     *
     * @param arguments {@code CONFIG PORT DATA}
     * @throws IOException if the data folder cannot be made
     * @throws InterruptedException if interrupted
     */
    public static void listen(List<String> arguments) throws IOException, InterruptedException {
        Path file = Path.of(arguments.get(0));
        HubConfig config = new McpServersFileProvider().read(file, name -> Optional.ofNullable(System.getenv(name)));
        GatewayConfig door = Optional.ofNullable(config.sections().get("gateway"))
                .map(GatewayConfig::from)
                .orElseGet(() -> GatewayConfig.builder().build());
        HubResources resources = HubResources.create();
        Hub hub = AgentHub.builder()
                .resources(resources)
                .config(config)
                .dataDirectory(Files.createDirectories(Path.of(arguments.get(2))))
                .build();
        Gateway gateway = Gateway.builder(hub, resources)
                .config(door.toBuilder()
                        .port(Integer.parseInt(arguments.get(1)))
                        .build())
                .build();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            gateway.close();
            hub.close();
            resources.close();
        }));
        hub.start().toCompletableFuture().join();
        gateway.start().toCompletableFuture().join();
        // The hub's threads are daemons: this one keeps the process.
        new CountDownLatch(1).await();
    }
}
