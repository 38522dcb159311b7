package io.agenthub.mcp.internal.streamable;

import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.ConnectRequest;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.server.ServerLimits;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.mcp.internal.streamable.FakeHttp.Answer;
import io.agenthub.mcp.internal.streamable.FakeHttp.Request;
import io.agenthub.tck.Await;
import io.agenthub.tck.RecordingCallContext;
import io.agenthub.tck.TckContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;

/** What the tests against a scripted server have in common. */
abstract class StreamableFixture {
    static final String SECRET = "tok-5f2c9e1ab7";
    static final ServerLimits ONE_AT_A_TIME = new ServerLimits(1, 1 << 20, 0, 100_000);

    final TckContext context = TckContext.real();
    final List<RpcNotification> heard = new CopyOnWriteArrayList<>();
    private final StreamableBridges bridges = new StreamableBridges();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void closeEverything() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
        context.close();
    }

    <T extends AutoCloseable> T keep(T one) {
        opened.add(0, one);
        return one;
    }

    /** A server with sessions that does all but calls by the book. */
    FakeHttp session(FakeHttp.Handler calls) throws IOException {
        AtomicInteger sessions = new AtomicInteger();
        return keep(new FakeHttp((request, answer) -> {
            switch (request.rpcMethod()) {
                case "initialize" -> initialize(request, answer, "session-" + sessions.incrementAndGet());
                case "server/discover" -> answer.status(400);
                case "notifications/initialized", "notifications/cancelled" -> answer.status(202);
                case "ping" -> answer.json(200, result(request, "{}"));
                default -> {
                    if (request.method().equals("POST")) {
                        calls.handle(request, answer);
                    } else {
                        answer.status(request.method().equals("GET") ? 405 : 200);
                    }
                }
            }
        }));
    }

    static void initialize(Request request, Answer answer, String session) {
        answer.json(
                200,
                result(
                        request,
                        "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},"
                                + "\"serverInfo\":{\"name\":\"fake\",\"version\":\"1\"}}"),
                "Mcp-Session-Id: " + session);
    }

    static String result(Request request, String result) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + request.id() + ",\"result\":" + result + "}";
    }

    static String error(String id, int code, String message) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":{\"code\":" + code + ",\"message\":\"" + message
                + "\"}}";
    }

    static ServerSpec.Builder spec(String url) {
        return ServerSpec.builder("far", "http")
                .setting("url", url)
                .setting("headers", java.util.Map.of("Authorization", "Bearer " + SECRET));
    }

    CompletionStage<Bridge> connect(ServerSpec.Builder spec) {
        return bridges.connector(spec.build(), context)
                .connect(new ConnectRequest(Duration.ofSeconds(20), JsonText.EMPTY_OBJECT, heard::add));
    }

    Bridge open(ServerSpec.Builder spec) {
        return keep(Await.value(connect(spec)));
    }

    Bridge open(FakeHttp http) {
        return open(spec(http.url()));
    }

    static CompletionStage<RpcOutcome> call(Bridge bridge) {
        return call(bridge, new RecordingCallContext());
    }

    static CompletionStage<RpcOutcome> call(Bridge bridge, RecordingCallContext caller) {
        return bridge.request("tools/call", JsonText.of("{\"name\":\"t\",\"arguments\":{}}"), caller);
    }

    static String value(CompletionStage<RpcOutcome> stage) {
        return Await.value(stage).orThrow().toString();
    }
}
