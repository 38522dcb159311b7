package io.agenthub.examples.gateway.figures;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.monitor.MonitorPolicy;
import io.agenthub.api.server.StartMode;
import io.agenthub.core.AgentHub;
import io.agenthub.core.HubResources;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A program with a hub of two servers, for a test that takes from it what it needs to start processes. It says what it sees, a
 * line each time, and goes on when it reads one.
 */
final class LimitedHub {
    private static final int CALLS = 100;

    private LimitedHub() {}

    public static void main(String[] folder) throws Exception {
        Stub stub = new Stub(Path.of(folder[0]));
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        // Loops that nothing has used have no thread yet, and the servers get different ones.
        try (HubResources resources = HubResources.builder().ioThreads(8).build();
                Hub hub = AgentHub.builder()
                        .resources(resources)
                        .config(HubConfig.builder().monitor(MonitorPolicy.OFF).build())
                        .server(stub.server("running").build())
                        .server(stub.server("new").start(StartMode.ON_DEMAND).build())
                        .build()) {
            hub.start().toCompletableFuture().get(20, TimeUnit.SECONDS);
            System.out.println("running: " + call(hub.server("running")));
            orders.readLine();
            System.out.println("new: " + call(hub.server("new")));
            int answered = 0;
            for (int i = 0; i < CALLS; i++) {
                answered += call(hub.server("running")).equals("hello") ? 1 : 0;
            }
            System.out.println("running: " + answered);
            orders.readLine();
            long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            String last;
            do {
                last = call(hub.server("new"));
            } while (!last.equals("hello") && System.nanoTime() < end);
            System.out.println("new: " + last);
        }
        System.exit(0);
    }

    /** The text of the answer, or the kind of the failure. */
    private static String call(McpServer server) throws Exception {
        try {
            return server.callTool("echo", Map.of("message", "hello"))
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS)
                    .text();
        } catch (ExecutionException e) {
            return e.getCause() instanceof AgentHubException known
                    ? known.kind() + " " + known.getMessage()
                    : e.toString();
        }
    }
}
