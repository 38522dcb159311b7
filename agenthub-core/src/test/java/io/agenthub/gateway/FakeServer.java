package io.agenthub.gateway;

import io.agenthub.api.Promise;
import io.agenthub.api.breaker.Breaker;
import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.breaker.BreakerStatus;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.BridgeStats;
import io.agenthub.api.bridge.ServerInfo;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.api.server.ServerState;
import io.agenthub.api.server.ServerStatus;
import io.agenthub.api.server.ToolFinding;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A server in memory: answers each request with what it was asked, unless told otherwise. */
final class FakeServer implements McpServer {
    static final String STARTED_AT = "2030-01-01T00:00:00Z";

    /** A request as it reached the server. */
    record Sent(String method, JsonText params, CallOptions options) {}

    final Queue<Sent> sent = new ConcurrentLinkedQueue<>();
    final Queue<RpcNotification> notified = new ConcurrentLinkedQueue<>();
    final Queue<Promise<RpcOutcome>> hanging = new ConcurrentLinkedQueue<>();
    final AtomicInteger cancelled = new AtomicInteger();
    final AtomicInteger resets = new AtomicInteger();
    volatile Function<Sent, CompletionStage<RpcOutcome>> answer = FakeServer::echo;
    volatile ServerState state = ServerState.RUNNING;
    volatile String protocol = "2025-11-25";
    volatile JsonText capabilities = JsonText.EMPTY_OBJECT;
    volatile BreakerState breakerState = BreakerState.CLOSED;
    volatile Optional<BridgeExit> lastExit = Optional.empty();
    volatile Optional<String> lastError = Optional.empty();
    volatile List<String> warnings = List.of();
    volatile List<ToolFinding> findings = List.of();
    private final String name;

    FakeServer(String name) {
        this.name = name;
    }

    private static CompletionStage<RpcOutcome> echo(Sent sent) {
        Map<String, JsonText> result = new LinkedHashMap<>();
        result.put("method", JsonText.quote(sent.method()));
        if (sent.params() != null) {
            result.put("params", sent.params());
        }
        return Promise.succeeded(new RpcResult(JsonText.object(result)));
    }

    /** From now on answers nothing until the test does, through {@link #hanging}. */
    void hang() {
        answer = request -> {
            Promise<RpcOutcome> promise = new Promise<>(Runnable::run) {
                @Override
                protected void onCancel() {
                    cancelled.incrementAndGet();
                }
            };
            hanging.add(promise);
            return promise;
        };
    }

    /** From now on fails every request. */
    void fail(Throwable failure) {
        answer = request -> Promise.failed(failure);
    }

    /** From now on gives one result. */
    void result(String json) {
        answer = request -> Promise.succeeded(new RpcResult(JsonText.of(json)));
    }

    @Override
    public CompletionStage<RpcOutcome> request(String method, JsonText params, CallOptions options) {
        Sent request = new Sent(method, params, options);
        sent.add(request);
        return answer.apply(request);
    }

    @Override
    public CompletionStage<Void> notify(String method, JsonText params) {
        notified.add(new RpcNotification(method, params));
        return Promise.succeeded(null);
    }

    @Override
    public ServerStatus status() {
        boolean running = state == ServerState.RUNNING;
        JsonText handshake = JsonText.of(
                "{\"protocolVersion\":\"" + protocol + "\",\"serverInfo\":{\"name\":\"fake\",\"version\":\"1\"}}");
        ServerInfo info = new ServerInfo(protocol, "fake", "1", capabilities, Optional.of("Be kind."), handshake);
        return new ServerStatus(
                name,
                state,
                Instant.parse(STARTED_AT),
                0,
                running ? Optional.of(info) : Optional.empty(),
                running ? Optional.of(new BridgeStats(OptionalLong.of(42), 0, 0, 0, 0, 0, 0, 0)) : Optional.empty(),
                lastExit,
                lastError,
                state == ServerState.BACKING_OFF ? Optional.of(Duration.ofMillis(250)) : Optional.empty(),
                warnings,
                findings);
    }

    @Override
    public ServerStatus acknowledgeTools() {
        findings = List.of();
        return status();
    }

    @Override
    public CompletionStage<ServerStatus> start() {
        state = ServerState.RUNNING;
        return Promise.succeeded(status());
    }

    @Override
    public CompletionStage<ServerStatus> stop() {
        state = ServerState.STOPPED;
        return Promise.succeeded(status());
    }

    @Override
    public CompletionStage<ServerStatus> restart() {
        return start();
    }

    @Override
    public Breaker breaker() {
        return new Breaker() {
            @Override
            public BreakerStatus status() {
                return new BreakerStatus(name, breakerState, 0, 0, Optional.empty());
            }

            @Override
            public void reset() {
                resets.incrementAndGet();
                breakerState = BreakerState.CLOSED;
            }
        };
    }
}
