package io.agenthub.bench.load;

import io.agenthub.bench.load.http.CallTemplate;
import io.agenthub.bench.load.http.LoadGenerator;
import io.agenthub.bench.load.http.LoadResult;
import io.agenthub.bench.load.http.LoadSession;
import io.agenthub.bench.load.http.McpHandshake;
import io.agenthub.bench.load.http.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Load by hand, for a profiler at the other end: {@code load PORT PATH CONNECTIONS SECONDS [RATE] [echo BYTES | blob BYTES]}
 * calls through whatever listens there, closed loop, or open loop at a rate. A path like {@code mcp:/mcp/stub0} is an MCP
 * endpoint, with which a session is opened first. The calls are short echoes if nothing is said.
 */
public final class LoadCommand {
    private static final int TEXT_BYTES = 64;
    private static final String SESSION = "mcp:";

    private LoadCommand() {}

    /**
     * Makes load and prints what it saw.
     *
     * @param arguments port, path, connections, seconds, and perhaps calls per second, and what to call and how long it is
     */
    public static void run(List<String> arguments) {
        int port = Integer.parseInt(arguments.get(0));
        int connections = Integer.parseInt(arguments.get(2));
        Duration span = Duration.ofSeconds(Long.parseLong(arguments.get(3)));
        boolean open = arguments.size() % 2 != 0;
        CallTemplate template =
                template(route(port, arguments.get(1)), arguments.subList(open ? 5 : 4, arguments.size()));
        try (LoadGenerator generator = new LoadGenerator();
                LoadSession session = generator.connect(port, template, connections)) {
            LoadResult result =
                    open ? session.openLoop(Double.parseDouble(arguments.get(4)), span) : session.closedLoop(span);
            System.out.printf(
                    Locale.ROOT,
                    "%.0f/s, %.0f MB/s of text, p50 %.3f ms, p99 %.3f ms, max %.3f ms, %d answered, %d errors, %d mismatches%n",
                    result.rate(),
                    result.rate() * template.answerBytes() / 1e6,
                    result.millis(50),
                    result.millis(99),
                    result.millis(100),
                    result.answered(),
                    result.errors(),
                    result.mismatches());
        }
    }

    private static Route route(int port, String path) {
        if (!path.startsWith(SESSION)) {
            return Route.of(port, path);
        }
        String endpoint = path.substring(SESSION.length());
        try {
            return McpHandshake.open(port, endpoint)
                    .orElseThrow(() -> new IllegalArgumentException("no MCP endpoint at " + endpoint));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CallTemplate template(Route route, List<String> call) {
        if (call.isEmpty()) {
            return CallTemplate.echo(route, TEXT_BYTES);
        }
        int bytes = Integer.parseInt(call.get(1));
        return switch (call.get(0)) {
            case "echo" -> CallTemplate.echo(route, bytes);
            case "blob" -> CallTemplate.blob(route, bytes);
            default -> throw new IllegalArgumentException("neither echo nor blob: " + call.get(0));
        };
    }
}
