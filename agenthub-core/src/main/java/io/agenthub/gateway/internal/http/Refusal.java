package io.agenthub.gateway.internal.http;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.ErrorKind;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A request that is answered with an error before anything is done with it. */
public final class Refusal extends AgentHubException {
    private static final long serialVersionUID = 1L;

    /** The HTTP status. */
    private final int status;

    /** Response headers that belong to the status. */
    private final transient Map<String, String> headers;

    /** Whether nothing more can be read from the connection. */
    private final boolean closing;

    /** The target of the request, as far as it is known. */
    private final String target;

    private Refusal(
            int status, ErrorKind kind, String message, Map<String, String> headers, boolean closing, String target) {
        super(kind, message, null, false, null);
        this.status = status;
        this.headers = headers;
        this.closing = closing;
        this.target = target;
    }

    /**
     * A refusal after which the connection may go on.
     *
     * @param status the HTTP status
     * @param kind what went wrong
     * @param message one sentence
     * @return the refusal
     */
    public static Refusal of(int status, ErrorKind kind, String message) {
        return new Refusal(status, kind, message, Map.of(), false, "");
    }

    /**
     * A refusal after which the connection is closed, because where the next request would begin is not certain.
     *
     * @param status the HTTP status
     * @param kind what went wrong
     * @param message one sentence
     * @return the refusal
     */
    static Refusal closing(int status, ErrorKind kind, String message) {
        return new Refusal(status, kind, message, Map.of(), true, "");
    }

    /** A request that is not well-formed HTTP. */
    static Refusal malformed(String what) {
        return closing(400, ErrorKind.BAD_REQUEST, "Not a valid HTTP/1.1 request: " + what);
    }

    /**
     * The same refusal with a response header.
     *
     * @param name the header's name
     * @param value its value
     * @return the refusal
     */
    public Refusal with(String name, String value) {
        return new Refusal(status, kind(), message(), Map.of(name, value), closing, target);
    }

    /** The same refusal, after which the connection is closed. */
    Refusal thenClose() {
        return closing ? this : new Refusal(status, kind(), message(), headers, true, target);
    }

    /** The same refusal of a request for a certain target. */
    Refusal at(String uri) {
        return new Refusal(status, kind(), message(), headers, closing, uri);
    }

    String target() {
        return target;
    }

    private String message() {
        return String.valueOf(getMessage());
    }

    /**
     * The HTTP status.
     *
     * @return 400 to 599
     */
    public int status() {
        return status;
    }

    /**
     * Response headers that belong to the status.
     *
     * @return names and values
     */
    public Map<String, String> headers() {
        return headers;
    }

    boolean isClosing() {
        return closing;
    }

    @Override
    public Optional<Duration> retryAfter() {
        return status == 503 ? Optional.of(Duration.ofSeconds(1)) : Optional.empty();
    }
}
