package io.agenthub.tck;

import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.ConnectRequest;
import io.agenthub.api.bridge.Connector;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.server.ServerLimits;
import io.agenthub.api.spi.ProviderContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;

/** What the tests of bridges have in common: bridges to {@link FakeMcpServer}s that are gone after the test. */
public abstract class BridgeFixture {
    /** The name under which connectors report failures. */
    public static final String SERVER = "fake";

    private static final JsonText CAPABILITIES = JsonText.of("{\"elicitation\":{},\"sampling\":{}}");

    /** What the hub of these tests lends. */
    protected final TckContext context = TckContext.real();

    /** What servers sent outside calls, in order. */
    protected final List<RpcNotification> heard = new CopyOnWriteArrayList<>();

    private final List<Bridge> opened = new ArrayList<>();

    /** An argument that finds this test's processes again. */
    private final String mark = "tck-" + UUID.randomUUID();

    /** For subclasses. */
    protected BridgeFixture() {}

    /**
     * Makes the connector under test.
     *
     * @param context what the hub lends
     * @param limits the server's bounds
     * @param modes the modes of the {@link FakeMcpServer} it connects to
     * @return a connector of a server named {@link #SERVER}
     */
    protected abstract Connector connector(ProviderContext context, ServerLimits limits, String... modes);

    @AfterEach
    void closeEverything() {
        List<CompletionStage<Void>> closing =
                opened.stream().map(Bridge::closeAsync).toList();
        closing.forEach(Await::value);
        context.close();
    }

    final Bridge bridge(String... modes) {
        return bridge(ServerLimits.DEFAULT, modes);
    }

    final Bridge bridge(ServerLimits limits, String... modes) {
        Bridge bridge = Await.value(connect(limits, Duration.ofSeconds(30), modes));
        opened.add(bridge);
        return bridge;
    }

    final CompletionStage<Bridge> connect(ServerLimits limits, Duration timeout, String... modes) {
        String[] marked = Arrays.copyOf(modes, modes.length + 1);
        marked[modes.length] = mark;
        return connector(context, limits, marked).connect(new ConnectRequest(timeout, CAPABILITIES, heard::add));
    }

    final JsonText capabilities() {
        return CAPABILITIES;
    }

    /** Calls a tool. */
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

    /** The data a tool answered. */
    static JsonText data(CompletionStage<RpcOutcome> stage) {
        return Await.value(stage).orThrow().member("structuredContent").orElse(JsonText.NULL);
    }

    /** What the server has received so far, as its tool {@code received} says. */
    static JsonText received(Bridge bridge) {
        return data(call(bridge, "received", "{}"));
    }

    /** The tags of the calls that the server was told are cancelled. */
    static List<String> cancelledTags(Bridge bridge) {
        return received(bridge).member("cancelled").orElseThrow().elements().stream()
                .map(cancelled -> cancelled.member("tag").orElseThrow().toString())
                .toList();
    }

    /** A string of that many characters. */
    static String filling(int length) {
        return "x".repeat(length);
    }

    static String arguments(String name, Object value) {
        return JsonText.ofValue(Map.of(name, value)).toString();
    }

    /** Whether a process of this test is alive, whoever its parent is. */
    final boolean anyProcess() {
        return ProcessHandle.allProcesses()
                .filter(ProcessHandle::isAlive)
                .anyMatch(process -> process.info()
                        .arguments()
                        .map(arguments -> Arrays.asList(arguments).contains(mark))
                        .orElse(false));
    }

    /** Whether a process runs; one that only waits for its parent to read its exit status does not. */
    static boolean isAlive(long pid) {
        if (!ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
            return false;
        }
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
        }
    }
}
