package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.Connector;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.hub.CallArrival;
import io.agenthub.api.hub.CallListener;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.HubListener;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.server.ManagedServer;
import io.agenthub.api.server.Supervisor;
import io.agenthub.core.HubResources;
import io.agenthub.gateway.internal.http.RawClient;
import io.agenthub.tck.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every method that others implement goes wrong in every way: it throws an exception, overflows the stack, fails an assertion,
 * fails its stage, answers null. Whatever was asked of the hub ends all the same, every request over HTTP is answered, no loop ends,
 * and the server beside it does not notice.
 */
class FaultySeamsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static HubResources resources;

    @BeforeAll
    static void begin() {
        resources = HubResources.builder().ioThreads(2).build();
    }

    @AfterAll
    static void end() {
        resources.close();
    }

    static Stream<Faulty> faults() {
        List<Faulty> all = new ArrayList<>();
        add(all, Connector.class, "connect", "settled");
        add(all, Bridge.class, "info", "request", "notify", "whenClosed", "stats", "closeAsync");
        add(all, Supervisor.class, "add", "remove", "closeAsync");
        add(all, ManagedServer.class, "status", "bridge", "start", "stop", "restart");
        add(all, HubListener.class, "serverChanged", "breakerChanged", "notified", "recorded");
        add(all, CallListener.class, "notified", "asked");
        add(all, CallArrival.class, "era", "httpStatus");
        add(all, Executor.class, "execute");
        add(all, ActivityStore.class, "open", "append", "record", "find", "statistics", "verify", "cleanup", "clear");
        add(all, ActivityStore.class, "export", "status", "closeAsync");
        add(all, Enhancer.class, "enhance", "rules", "models", "stats", "breaker", "reset", "closeAsync");
        return all.stream();
    }

    private static void add(List<Faulty> all, Class<?> type, String... methods) {
        for (String method : methods) {
            for (Faulty.Way way : Faulty.Way.values()) {
                if (Faulty.possible(type, method, way)) {
                    all.add(new Faulty(type, method, way));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aFaultInAnyCallbackEndsNothingButWhatItServes(Faulty faulty) {
        SpoiltHub spoilt = new SpoiltHub(faulty, resources);
        long counted;
        ended(spoilt.hub.start());
        try (RawClient client = spoilt.client()) {
            everyOrderEnds(spoilt);
            everyRequestIsAnswered(client);
            counted = spoilt.hub.monitor().drops().callbacks();
            if (spoilt.serves()) {
                assertEquals("\"good\"", answer(spoilt, "good"));
                assertEquals(200, call(client, "good").status());
            }
        } finally {
            ended(spoilt.gateway.closeAsync());
            ended(spoilt.hub.closeAsync());
        }
        assertTrue(faulty.hits() > 0, "it was never called");
        if (faulty.isCallback()) {
            assertTrue(counted > 0, "it was not counted");
        }
    }

    private static void everyOrderEnds(SpoiltHub spoilt) {
        ended(call(spoilt, "bad"));
        ended(call(spoilt, "bad"));
        ended(spoilt.hub.server("bad").notify("notifications/any", null));
        ended(spoilt.hub.server("bad").request("tools/list", null, CallOptions.DEFAULT));
        ended(spoilt.hub.enhancer().enhance(io.agenthub.api.enhance.Prompt.of("hello")));
        spoilt.threeFailuresOfTheServer();
        ended(spoilt.hub.server("bad").restart());
        ended(spoilt.hub.server("bad").stop());
        ended(spoilt.hub.server("bad").start());
        spoilt.serverEnds();
        ended(call(spoilt, "bad"));
        ended(spoilt.hub.apply(spoilt.changedConfig()));
    }

    private static CompletionStage<RpcOutcome> call(SpoiltHub spoilt, String server) {
        CallOptions options = CallOptions.builder()
                .timeout(Duration.ofSeconds(5))
                .listener(spoilt.spoil(CallListener.class, new CallListener() {}))
                .arrival(spoilt.spoil(CallArrival.class, CallArrival.of("modern", 200)))
                .executor(spoilt.spoil(Executor.class, Runnable::run))
                .enhance(true)
                .build();
        return spoilt.hub.server(server).request("tools/call", JsonText.of(SpoiltHub.CALL), options);
    }

    private static String answer(SpoiltHub spoilt, String server) {
        return Await.value(spoilt.hub
                        .server(server)
                        .request("tools/call", JsonText.of(SpoiltHub.CALL), CallOptions.DEFAULT))
                .orThrow()
                .toString();
    }

    private static RawClient.Reply call(RawClient client, String server) {
        return client.post("/mcp/" + server + "/tools/call", SpoiltHub.CALL).reply();
    }

    private static void everyRequestIsAnswered(RawClient client) {
        call(client, "bad");
        for (String path : List.of(
                "/health",
                "/health/bad",
                "/ready",
                "/servers",
                "/servers/bad",
                "/circuit-breakers",
                "/monitor",
                "/metrics",
                "/ollama/stats",
                "/ollama/models",
                "/audit/activity",
                "/audit/activity/stats",
                "/audit/activity/export?format=jsonl",
                "/audit/status",
                "/audit/integrity/verify")) {
            client.get(path).reply();
        }
        for (String path : List.of(
                "/servers/bad/stop",
                "/servers/bad/start",
                "/servers/bad/restart",
                "/circuit-breakers/bad/reset",
                "/ollama/reset",
                "/audit/activity/cleanup")) {
            client.post(path, "{}").reply();
        }
        client.send("DELETE /audit/activity HTTP/1.1\r\nHost: " + client.host() + "\r\n\r\n")
                .reply();
        client.post("/ollama/enhance", "{\"prompt\":\"hello\"}").reply();
        client.post("/mcp", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{}}")
                .reply();
    }

    /** With a value or a failure of the hub's own kind. */
    private static void ended(CompletionStage<?> stage) {
        Throwable failure = Await.outcome(PATIENCE, stage).failure();
        assertTrue(
                failure == null || failure instanceof AgentHubException || failure instanceof CancellationException,
                () -> "ended with " + failure);
    }
}
