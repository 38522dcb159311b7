package io.agenthub.mcp.internal.stdio;

import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.BridgeListener;
import io.agenthub.api.bridge.ConnectRequest;
import io.agenthub.api.bridge.Connector;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.tck.Await;
import io.agenthub.tck.FakeMcpServer;
import io.agenthub.tck.RecordingCallContext;
import io.agenthub.tck.TckContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;

/** What the tests of real processes have in common: bridges that are gone after the test. */
abstract class StdioFixture {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Enough of MCP, in a shell, to complete a handshake with whoever takes it for a server of the older revisions. */
    static final String HANDSHAKE =
            "read l; echo '{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"protocolVersion\":\"2025-11-25\"}}'; read l; ";

    /**
     * Reads to the end and keeps its output open. A shell replaces itself with a last {@code cat >/dev/null}, whose output goes nowhere;
     * and a server that closed its output is ended.
     */
    static final String READ_ON = "while read -r line; do :; done";

    final TckContext context = TckContext.real();
    final StdioBridges bridges = new StdioBridges();
    final List<RpcNotification> heard = new CopyOnWriteArrayList<>();
    private final List<Bridge> opened = new ArrayList<>();

    @AfterEach
    void closeEverything() {
        List<CompletionStage<Void>> closing =
                opened.stream().map(Bridge::closeAsync).toList();
        closing.forEach(Await::value);
        context.close();
    }

    static ServerSpec.Builder fake(String... modes) {
        return ServerSpec.stdio("fake", FakeMcpServer.command(modes));
    }

    /** A server in a few words of shell; what stands behind the handshake is what it then does. */
    static ServerSpec.Builder shell(String afterHandshake) {
        return ServerSpec.stdio("shell", "/bin/sh", "-c", HANDSHAKE + afterHandshake)
                .setting("protocol", "legacy");
    }

    /** How the pipes are driven in this class; the best there is. */
    String transport() {
        return "auto";
    }

    Connector connector(ServerSpec.Builder spec) {
        spec.setting("transport", transport());
        return bridges.connector(spec.build(), context);
    }

    CompletionStage<Bridge> connect(ServerSpec.Builder spec) {
        return connector(spec).connect(request(PATIENCE));
    }

    ConnectRequest request(Duration timeout) {
        BridgeListener listener = heard::add;
        return new ConnectRequest(timeout, JsonText.EMPTY_OBJECT, listener);
    }

    Bridge open(ServerSpec.Builder spec) {
        Bridge bridge = Await.value(connect(spec));
        opened.add(bridge);
        return bridge;
    }

    static CompletionStage<RpcOutcome> call(Bridge bridge, String tool, String arguments) {
        return call(bridge, tool, arguments, new RecordingCallContext());
    }

    static CompletionStage<RpcOutcome> call(
            Bridge bridge, String tool, String arguments, RecordingCallContext callContext) {
        return bridge.request("tools/call", params(tool, arguments), callContext);
    }

    static JsonText params(String tool, String arguments) {
        return JsonText.of("{\"name\":\"" + tool + "\",\"arguments\":" + arguments + "}");
    }

    static JsonText data(CompletionStage<RpcOutcome> stage) {
        return Await.value(stage).orThrow().member("structuredContent").orElse(JsonText.NULL);
    }

    static String text(JsonText json, String pointer) {
        return json.at(pointer).flatMap(JsonText::string).orElse("");
    }
}
