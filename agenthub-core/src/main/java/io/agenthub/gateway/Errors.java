package io.agenthub.gateway;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.ErrorKind;
import io.agenthub.api.bridge.BridgeClosedException;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.ConnectException;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.gateway.internal.http.ErrorPage;
import io.agenthub.gateway.internal.http.Refusal;
import io.agenthub.gateway.internal.http.Response;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place that turns failures into HTTP statuses, JSON-RPC errors and JSON bodies.
 *
 * <pre>
 *   400 BAD_REQUEST, BAD_CONFIGURATION    404 UNKNOWN_SERVER              429 BUSY
 *   401 FORBIDDEN, token missing or wrong 408, 414, 415, 417, 431, 505    500 INTERNAL
 *   403 FORBIDDEN                             as HTTP has them            502 SPAWN_FAILED, CHILD_*, an answer too large
 *   413 FRAME_TOO_LARGE, the request      503 NOT_READY, BREAKER_OPEN,    504 DEADLINE, INIT_TIMEOUT
 *   501 a part that does not offer it         SHUTTING_DOWN, CANCELLED
 * </pre>
 *
 * <p>A JSON-RPC error carries the code that JSON-RPC defines where it defines one, else the HTTP status: both lie where the
 * specification wants codes of applications, outside -32768 to -32000, and {@code data.kind} says precisely what it was.
 */
final class Errors implements ErrorPage {
    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);
    private static final Pattern DIRECTORY =
            Pattern.compile("(?<![\\w:/\\\\])(?:[A-Za-z]:)?[/\\\\](?:[^\\s/\\\\'\"]+[/\\\\])+");

    /** The folders that a program was looked for in: without their directories the last of them would pass for the whole list. */
    private static final Pattern SEARCH_PATH = Pattern.compile("(?<=\\bPATH) \\([^\\n]*\\)(?=;|$)");

    /** What the table says of one failure. */
    private record Problem(
            int status, int code, String message, Map<String, Object> data, Map<String, String> headers) {}

    /** On the MCP routes a JSON-RPC error without an id, since the request was not read; elsewhere plain JSON. */
    @Override
    public Response render(Throwable failure, String path) {
        return path.equals("/mcp") || path.startsWith("/mcp/") ? rpc(null, failure) : plain(failure);
    }

    /**
     * A failure as plain JSON.
     *
     * @param failure what went wrong
     * @return <code>{"error":{"kind":…,"message":…,…}}</code>
     */
    Response plain(Throwable failure) {
        Problem problem = problem(failure);
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("kind", String.valueOf(problem.data().get("kind")));
        error.put("message", problem.message());
        error.putAll(problem.data());
        return finish(problem, Response.json(problem.status(), Map.of("error", error)));
    }

    /**
     * A failure as a JSON-RPC error.
     *
     * @param id the caller's id; null if its request was not read, which leaves the id out
     * @param failure what went wrong
     * @return the response, with the HTTP status of the table
     */
    Response rpc(@Nullable JsonText id, Throwable failure) {
        Problem problem = problem(failure);
        RpcError error = error(problem);
        if (id != null) {
            return finish(problem, Response.rpc(problem.status(), id, error));
        }
        Map<String, JsonText> message = new LinkedHashMap<>();
        message.put("jsonrpc", JsonText.quote("2.0"));
        message.put("error", error.json());
        return finish(problem, Response.json(problem.status(), JsonText.object(message)));
    }

    /**
     * A failure as a JSON-RPC error, for answers that travel in a stream or under another status.
     *
     * @param failure what went wrong
     * @return the error object
     */
    RpcError error(Throwable failure) {
        return error(problem(failure));
    }

    private static RpcError error(Problem problem) {
        return RpcError.of(problem.code(), problem.message(), JsonText.ofValue(problem.data()));
    }

    private static Response finish(Problem problem, Response response) {
        Response finished = response;
        for (Map.Entry<String, String> header : problem.headers().entrySet()) {
            finished = finished.with(header.getKey(), header.getValue());
        }
        return finished;
    }

    /**
     * The HTTP status of a failure.
     *
     * @param failure what went wrong
     * @return the status of the table
     */
    int status(Throwable failure) {
        return problem(failure).status();
    }

    private static Problem problem(Throwable failure) {
        if (failure instanceof AgentHubException known) {
            return problem(known);
        }
        if (failure instanceof CancellationException) {
            return problem(503, ErrorKind.CANCELLED, "The call was withdrawn", Map.of());
        }
        LOG.atError().setCause(failure).log("A request failed unexpectedly");
        return problem(
                500, ErrorKind.INTERNAL, "The gateway failed to handle this request; its log says why", Map.of());
    }

    private static Problem problem(int status, ErrorKind kind, String message, Map<String, String> headers) {
        return new Problem(status, code(status), message, Map.of("kind", kind.name()), headers);
    }

    private static Problem problem(AgentHubException failure) {
        int status = failure instanceof Refusal refusal ? refusal.status() : status(failure);
        int code = failure instanceof MalformedMessageException malformed ? malformed.code() : code(status);
        Map<String, String> headers =
                new LinkedHashMap<>(failure instanceof Refusal refusal ? refusal.headers() : Map.of());
        if (status == 429 || status == 503) {
            retryAfter(failure).ifPresent(span -> headers.put("retry-after", seconds(span)));
        }
        return new Problem(status, code, message(failure), data(failure), headers);
    }

    private static int status(AgentHubException failure) {
        return switch (failure.kind()) {
            case BAD_REQUEST, BAD_CONFIGURATION -> 400;
            case FORBIDDEN -> 403;
            case UNKNOWN_SERVER -> 404;
            case FRAME_TOO_LARGE -> failure.dispatched() ? 502 : 413;
            case BUSY -> 429;
            case NOT_READY, BREAKER_OPEN, SHUTTING_DOWN, CANCELLED -> 503;
            case SPAWN_FAILED, CHILD_EXITED, CHILD_STALLED, CHILD_PROTOCOL -> 502;
            case DEADLINE, INIT_TIMEOUT -> 504;
            case INTERNAL -> 500;
        };
    }

    private static int code(int status) {
        return switch (status) {
            case 400 -> MalformedMessageException.INVALID_REQUEST;
            case 500 -> RpcError.INTERNAL_ERROR;
            default -> status;
        };
    }

    private static Map<String, Object> data(AgentHubException failure) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("kind", failure.kind().name());
        failure.server().ifPresent(server -> data.put("server", server));
        data.put("dispatched", failure.dispatched());
        data.put("retryable", failure.retryable());
        retryAfter(failure).ifPresent(span -> data.put("retryAfterMs", span.toMillis()));
        exit(failure).ifPresent(exit -> {
            exit.code().ifPresent(code -> data.put("exitCode", code));
            exit.signal().ifPresent(signal -> data.put("signal", signal));
        });
        return data;
    }

    /** What the failure says; a second while closing, since another hub may take over. */
    private static Optional<Duration> retryAfter(AgentHubException failure) {
        return failure.retryAfter()
                .or(() -> failure.kind() == ErrorKind.SHUTTING_DOWN
                        ? Optional.of(Duration.ofSeconds(1))
                        : Optional.empty());
    }

    private static Optional<BridgeExit> exit(AgentHubException failure) {
        if (failure instanceof BridgeClosedException closed) {
            return Optional.ofNullable(closed.exit());
        }
        return failure instanceof ConnectException connect ? connect.exit() : Optional.empty();
    }

    private static String seconds(Duration span) {
        return Long.toString(Math.max(1, (span.toMillis() + 999) / 1_000));
    }

    /** Where files lie on this machine is nobody's business; their names say enough. What the gateway itself says is safe. */
    private static String message(AgentHubException failure) {
        String message = String.valueOf(failure.getMessage());
        boolean ours = failure instanceof Refusal || failure instanceof MalformedMessageException;
        return ours
                ? message
                : DIRECTORY.matcher(SEARCH_PATH.matcher(message).replaceAll("")).replaceAll("");
    }
}
