package io.agenthub.mcp.internal.streamable;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.ErrorKind;
import io.agenthub.api.bridge.BridgeClosedException;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.ConnectException;
import io.agenthub.api.bridge.HttpStatusException;
import io.agenthub.api.bridge.ProtocolViolationException;
import io.agenthub.api.rpc.JsonLimits;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcMessage;
import io.agenthub.api.rpc.RpcResponse;
import io.agenthub.mcp.internal.call.PrivateId;
import io.agenthub.mcp.internal.call.Redactor;
import io.agenthub.mcp.internal.http.Endpoint;
import io.agenthub.mcp.internal.http.HttpFault;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Puts into words and types why a call has no answer. Immutable. */
final class Refusals {
    /** These say of the door, not of the call, even where a message comes with them. */
    private static final Set<Integer> OF_THE_DOOR = Set.of(401, 403, 407, 429);

    /** These say that nothing was done with the request. */
    private static final Set<Integer> UNDONE = Set.of(400, 401, 403, 404, 405, 406, 407, 413, 415, 429);

    private static final Duration LONGEST_WAIT = Duration.ofDays(1);
    private static final int LONGEST_QUOTE = 200;

    private final String server;
    private final Endpoint endpoint;
    private final Redactor redactor;
    private final Supplier<Instant> now;

    Refusals(String server, Endpoint endpoint, Redactor redactor, Supplier<Instant> now) {
        this.server = server;
        this.endpoint = endpoint;
        this.redactor = redactor;
        this.now = now;
    }

    /** The error that a refusal carries, if it is the server's answer to this very request. */
    Optional<RpcError> answer(long id, int status, byte[] body) {
        if (OF_THE_DOOR.contains(status) || status < 400) {
            return Optional.empty();
        }
        return error(body).filter(response -> isFor(id, status, response.id())).map(response ->
                (RpcError) response.outcome());
    }

    /** One without an id may come from something on the way, whose failures are not the server's word. */
    private static boolean isFor(long id, int status, @Nullable JsonText answered) {
        return (answered == null || answered.isNull())
                ? status < 500
                : PrivateId.read(answered).filter(read -> read == id).isPresent();
    }

    private static Optional<RpcResponse> error(byte[] body) {
        try {
            return Optional.of(RpcMessage.parse(body, JsonLimits.RELAY))
                    .filter(RpcResponse.class::isInstance)
                    .map(RpcResponse.class::cast)
                    .filter(response -> response.outcome() instanceof RpcError);
        } catch (MalformedMessageException e) {
            return Optional.empty();
        }
    }

    /** A status that is no answer. */
    AgentHubException status(int status, HttpHeaders headers, byte[] body) {
        boolean done = status >= 400 && !UNDONE.contains(status);
        return new HttpStatusException(
                status == 429 ? ErrorKind.BUSY : ErrorKind.CHILD_PROTOCOL,
                server,
                status,
                meaning(status, headers) + quote(body),
                done,
                retryAfter(headers));
    }

    /** A status instead of the rest of an answer that had begun: the call was accepted, whatever the status says of this request. */
    AgentHubException notResumed(int status) {
        return new HttpStatusException(
                ErrorKind.CHILD_PROTOCOL,
                server,
                status,
                "broke off its answer and did not let it be taken up again (" + status + ")",
                true,
                null);
    }

    private String meaning(int status, HttpHeaders headers) {
        if (status < 400) {
            return "redirects (" + status + ") to " + target(headers)
                    + ", and redirects are not followed; put the final address into \"url\" if it is to be trusted";
        }
        return switch (status) {
            case 401 -> "refused the hub's credentials (401); check its \"headers\"";
            case 403 -> "denied access (403); check its \"headers\"";
            case 404 -> "has nothing at " + endpoint + " (404); check its \"url\"";
            case 405 -> "takes no POST at " + endpoint + " (405); check its \"url\"";
            case 429 -> "asks for fewer requests (429)";
            case 503 -> "is not available (503)";
            default -> (status < 500 ? "refused the request (" : "failed (") + status + ")";
        };
    }

    /** Where a redirect leads, as far as it can be shown. */
    private static String target(HttpHeaders headers) {
        String location = headers.get(HttpHeaderNames.LOCATION, "");
        try {
            String host = new URI(location).getHost();
            return location.isEmpty() ? "nowhere" : host == null ? "another path" : "host '" + host + "'";
        } catch (URISyntaxException e) {
            return "something that is no address";
        }
    }

    /** What a message of the server says; a page for people says nothing. */
    private String quote(byte[] body) {
        String said = error(body)
                .map(response -> ((RpcError) response.outcome()).message())
                .orElse("");
        String cut = said.length() > LONGEST_QUOTE ? said.substring(0, LONGEST_QUOTE) + "…" : said;
        return cut.isEmpty() ? "" : ": " + redactor.redact(cut);
    }

    private @Nullable Duration retryAfter(HttpHeaders headers) {
        String value = headers.get(HttpHeaderNames.RETRY_AFTER, "").strip();
        Duration wait;
        try {
            wait = value.matches("\\d{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(value))
                    : Duration.between(
                            now.get(),
                            ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
        } catch (DateTimeException e) {
            return null;
        }
        Duration atLeast = wait.isNegative() ? Duration.ZERO : wait;
        return atLeast.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : atLeast;
    }

    /** A connection that could not be opened, or broke. */
    AgentHubException fault(HttpFault fault, boolean sentBefore) {
        String detail = redactor.redact(fault.detail());
        boolean sent = fault.sent() || sentBefore;
        return switch (fault.reason()) {
            case UNREACHABLE ->
                sent
                        ? new BridgeClosedException(server, BridgeExit.of(BridgeExit.Cause.EXITED, detail), true)
                        : new ConnectException(
                                ErrorKind.SPAWN_FAILED,
                                server,
                                "Server '" + server + "' cannot be reached at " + endpoint + ": " + detail,
                                null,
                                null);
            case BROKEN -> new BridgeClosedException(server, BridgeExit.of(BridgeExit.Cause.EXITED, detail), sent);
            case GARBAGE -> new ProtocolViolationException(server, "broke HTTP: " + detail);
            case CLOSED -> new BridgeClosedException(server, BridgeExit.of(BridgeExit.Cause.REQUESTED, detail), sent);
        };
    }

    /** An answer that cannot be MCP. Completes "Server 'x' …". */
    AgentHubException unusable(String why) {
        return new ProtocolViolationException(server, redactor.redact(why));
    }
}
