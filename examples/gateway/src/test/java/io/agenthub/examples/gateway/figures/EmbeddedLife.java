package io.agenthub.examples.gateway.figures;

import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.PartChoice;
import io.agenthub.core.AgentHub;
import io.agenthub.core.HubResources;
import io.agenthub.gateway.Gateway;
import io.agenthub.gateway.GatewayConfig;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A hub with a server, an activity store and a gateway that lives for one call. Needs no test library, to run anywhere. */
public final class EmbeddedLife implements Runnable {
    private final Path folder;

    public EmbeddedLife(Path folder) {
        this.folder = folder;
    }

    @Override
    public void run() {
        HubConfig config = HubConfig.builder().activity(PartChoice.of("sqlite")).build();
        try (HubResources resources = HubResources.create();
                Hub hub = AgentHub.builder()
                        .config(config)
                        .server(new Stub(folder).server("stub").build())
                        .dataDirectory(folder.resolve("data"))
                        .resources(resources)
                        .build();
                Gateway gateway = Gateway.builder(hub, resources)
                        .config(GatewayConfig.builder().port(0).build())
                        .build()) {
            hub.start().toCompletableFuture().get(20, TimeUnit.SECONDS);
            gateway.start().toCompletableFuture().get(20, TimeUnit.SECONDS);
            String answer = hub.server("stub")
                    .callTool("echo", Map.of("message", "hello"))
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS)
                    .text();
            if (!answer.equals("hello")) {
                throw new IllegalStateException("answered " + answer);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
