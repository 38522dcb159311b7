package io.agenthub.tck.everything;

import io.agenthub.api.rpc.JsonLimits;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcMessage;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResponse;
import io.agenthub.tck.JavaProgram;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An MCP server over standard input and output with every tool, prompt and resource that the official conformance suite asks
 * for, and a few more. It needs nothing but the JDK and the API.
 *
 * <p>{@link #command} gives the argument vector that starts it. The arguments:
 *
 * <table border="1">
 * <caption>Modes</caption>
 * <tr><td>{@code --legacy}</td><td>speaks the revisions with {@code initialize}, 2024-11-05 to 2025-11-25, and asks the client
 * by requests of its own</td></tr>
 * <tr><td>{@code --modern}</td><td>speaks 2026-07-28 only, sends no requests, and asks the client by {@code input_required}
 * results with a signed {@code requestState}</td></tr>
 * <tr><td>{@code --dual}</td><td>speaks both (the default); the first message that is not {@code server/discover} decides which
 * one until the process ends</td></tr>
 * <tr><td>{@code --page=N}</td><td>lists N entries per page; all on one page by default</td></tr>
 * <tr><td>{@code --key=TEXT}</td><td>signs request states with this key, so that they outlive the process; a random key by
 * default</td></tr>
 * <tr><td>{@code --journal=FILE}</td><td>appends what happens to a file, a line {@code PID WHAT} for each: {@code start},
 * {@code received METHOD}, {@code answer} (the client answered a question), {@code cancelled NAME}, {@code end}; several
 * servers may share one</td></tr>
 * </table>
 *
 * <p>Beyond what the suite knows there are these tools: {@code test_cancellation} reports progress once and then waits for its
 * cancellation, a minute at most; {@code test_trigger_resource_change} and {@code test_trigger_resource_update} announce changes
 * of the resource list and of {@code test://watched-resource}; {@code test_url_elicitation} asks for a visit to an URL; and
 * {@code test_url_elicitation_required} does so too in the modern era, but in the legacy one fails with {@code -32042} every
 * first time and succeeds every second time.
 */
public final class EverythingServer {
    /*
     * This must start fast, since a gateway may start one for each of its clients: no lambdas and no string concatenation on
     * the way to the first answer, because each of them makes the JVM spin classes at run time.
     */

    private EverythingServer() {}

    /**
     * How to start it from a test, in this JVM's version of Java.
     *
     * @param modes see the table above
     * @return program and arguments
     */
    public static String[] command(String... modes) {
        return JavaProgram.command(EverythingServer.class, "128m", modes);
    }

    /**
     * Runs the server until its input ends.
     *
     * @param arguments the modes
     * @throws IOException if its input, output or journal fails
     */
    public static void main(String[] arguments) throws IOException {
        Options options = Options.of(arguments);
        try (Journal journal = new Journal(options.journal())) {
            Wire wire = new Wire();
            journal.note("start");
            serve(wire, journal, session(options, wire, journal));
            journal.note("end");
        }
        Runtime.getRuntime().halt(0);
    }

    private static Session session(Options options, Wire wire, Journal journal) {
        return switch (options.era()) {
            case "--legacy" -> new LegacySession(options, wire, journal);
            case "--modern" -> new ModernSession(options, wire, journal);
            default -> new DualSession(options, wire, journal);
        };
    }

    private static void serve(Wire wire, Journal journal, Session session) throws IOException {
        while (true) {
            byte @Nullable [] line = wire.readLine();
            if (line == null) {
                return;
            }
            try {
                receive(RpcMessage.parse(line, JsonLimits.RELAY), journal, session);
            } catch (MalformedMessageException e) {
                wire.send(new RpcResponse(null, RpcError.of(e.code(), e.getMessage(), null)));
            }
        }
    }

    private static void receive(RpcMessage message, Journal journal, Session session) throws IOException {
        if (message instanceof RpcRequest request) {
            journal.note("received ".concat(request.method()));
            session.request(request);
        } else if (message instanceof RpcNotification notification) {
            journal.note("received ".concat(notification.method()));
            session.notified(notification);
        } else {
            journal.note("answer");
            session.answered((RpcResponse) message);
        }
    }
}
