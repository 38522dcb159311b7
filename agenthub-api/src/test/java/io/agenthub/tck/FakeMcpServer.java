package io.agenthub.tck;

import io.agenthub.api.rpc.JsonLimits;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcMessage;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResponse;
import java.io.IOException;
import java.util.List;

/**
 * An MCP server over standard input and output that misbehaves as it is told: a real child process in a JVM of its own, which
 * needs nothing but the JDK and the API.
 *
 * <p>{@link #command} gives the argument vector that starts it. Modes, each an argument, change how it starts, initializes and
 * ends:
 *
 * <table border="1">
 * <caption>Modes</caption>
 * <tr><td>{@code exit=N}</td><td>exits with code N at once</td></tr>
 * <tr><td>{@code slow-start=MS}</td><td>reads nothing for MS milliseconds</td></tr>
 * <tr><td>{@code noise}</td><td>prints a banner of {@link FakeServerNoise#LINES} garbage lines before anything else</td></tr>
 * <tr><td>{@code stderr=TEXT}</td><td>prints TEXT to its error output first</td></tr>
 * <tr><td>{@code notify-first}</td><td>sends a notification before it answers {@code initialize}</td></tr>
 * <tr><td>{@code initialize=KIND}</td><td>{@code never} answers it; or answers with {@code garbage} (a result that is no
 * object), {@code noise} (a line that is no JSON), {@code version} (a revision nobody speaks), {@code error}; or {@code exit}s
 * with code 3</td></tr>
 * <tr><td>{@code discover=KIND}</td><td>{@code never} answers {@code server/discover}; {@code exit}s with code 101 when it is
 * asked; or answers that it is {@code modern}, that it speaks only revisions nobody knows ({@code unsupported}), that it does
 * not speak the revision which it then says it speaks, always ({@code contrary}) or only the first time ({@code hesitant}). By
 * default it says that there is no such method</td></tr>
 * <tr><td>{@code flood}</td><td>writes 4 MiB to its error output before it reads anything</td></tr>
 * <tr><td>{@code no-ping}</td><td>never answers {@code ping}</td></tr>
 * <tr><td>{@code pages=N}</td><td>lists its tools on N pages</td></tr>
 * <tr><td>{@code ignore-eof}</td><td>lives on when its input ends</td></tr>
 * <tr><td>{@code slow-exit=MS}</td><td>takes MS milliseconds to end when its input ends</td></tr>
 * <tr><td>{@code ignore-term}</td><td>survives SIGTERM</td></tr>
 * </table>
 *
 * <p>Any other argument means nothing and is shown by the tool {@code cwd}.
 *
 * <p>What its tools do is documented at {@link FakeServerTools}. Everything is answered in order on one thread, but for tools
 * that answer later; output is flushed before the server waits for input.
 */
public final class FakeMcpServer {
    /*
     * This must start fast, since tests start it hundreds of times: no lambdas, no string concatenation and no records' own
     * methods on the way to the first answer, because each of them makes the JVM spin classes at run time.
     */

    /** The MCP revisions it speaks, oldest first. */
    public static final List<String> REVISIONS = List.of("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25");

    private final FakeServerModes modes;
    private final FakeServerWire wire;
    private final FakeServerTools tools;

    private FakeMcpServer(FakeServerModes modes) {
        this.modes = modes;
        this.wire = new FakeServerWire();
        this.tools = new FakeServerTools(wire, modes);
    }

    /**
     * How to start it from a test, in this JVM's version of Java.
     *
     * @param modes see the table above
     * @return program and arguments
     */
    public static String[] command(String... modes) {
        return JavaProgram.command(FakeMcpServer.class, "256m", modes);
    }

    /**
     * Runs the server until its input ends.
     *
     * @param arguments the modes
     * @throws IOException if its output is closed
     */
    public static void main(String[] arguments) throws IOException {
        FakeServerModes modes = new FakeServerModes(arguments);
        new FakeMcpServer(modes).run();
        Runtime.getRuntime().halt(0);
    }

    private void run() throws IOException {
        modes.begin(wire);
        while (wire.readLine()) {
            tools.countFrame();
            RpcMessage message;
            try {
                message = RpcMessage.parse(wire.line(), wire.lineFrom(), wire.lineTo(), JsonLimits.RELAY);
            } catch (MalformedMessageException e) {
                tools.countMalformed();
                continue;
            }
            if (message instanceof RpcRequest request) {
                answer(request);
            } else if (message instanceof RpcNotification notification) {
                tools.notified(notification);
            } else {
                tools.answered((RpcResponse) message);
            }
        }
        modes.inputEnded();
    }

    private void answer(RpcRequest request) throws IOException {
        switch (request.method()) {
            case "initialize" -> modes.initialize(wire, request);
            case "server/discover" -> modes.discover(wire, request);
            case "ping" -> {
                if (!modes.has("no-ping")) {
                    wire.result(request.id(), "{}");
                }
            }
            case "logging/setLevel" -> wire.result(request.id(), "{}");
            case "tools/list" -> tools.list(request);
            case "tools/call" -> tools.call(request);
            default -> wire.error(request.id(), -32601, "Method not found: ".concat(request.method()));
        }
    }
}
