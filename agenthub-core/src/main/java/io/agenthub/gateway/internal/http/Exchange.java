package io.agenthub.gateway.internal.http;

import io.agenthub.api.hub.TraceContext;
import io.agenthub.api.rpc.JsonLimits;
import io.agenthub.api.rpc.JsonText;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One request and the way to answer it, exactly once. The request part does not change, but its headers can be let go of; answering
 * is thread-safe.
 *
 * <p>It is also the task that carries its answer to the event loop, so that an answer costs no further object.
 */
public final class Exchange implements Runnable {
    private static final AtomicReferenceFieldUpdater<Exchange, @Nullable Object> OUTCOME =
            AtomicReferenceFieldUpdater.newUpdater(Exchange.class, Object.class, "outcome");
    private static final AtomicReferenceFieldUpdater<Exchange, @Nullable Owner> OWNER =
            AtomicReferenceFieldUpdater.newUpdater(Exchange.class, Owner.class, "owner");
    private static final byte[] NO_BODY = {};
    private static final AsciiString TRACEPARENT = AsciiString.cached("traceparent");
    private static final AsciiString TRACESTATE = AsciiString.cached("tracestate");
    private static final AsciiString BAGGAGE = AsciiString.cached("baggage");

    private final Connection connection;
    private final Routed routed;
    private @Nullable HttpHeaders headers;
    private final boolean authorized;
    private byte[] body = NO_BODY;
    private volatile @Nullable Object outcome;
    private volatile @Nullable Owner owner;
    private volatile boolean abandoned;
    private volatile boolean cutShort;

    /** Who works on the answer, and has to hear of it when nobody waits any longer. */
    @FunctionalInterface
    public interface Owner {
        /**
         * The client went away, or the server closes, before the answer was complete. Called at most once, on the event loop or
         * on the thread that says who the owner is; must not block.
         */
        void abandoned();

        /**
         * The server closes and waits no longer: this is the last moment to answer, or to end a stream in order. Otherwise the
         * error page answers, and a stream is cut. Called before {@link #abandoned} and like that, but perhaps twice.
         */
        default void cutShort() {}
    }

    Exchange(Connection connection, Routed routed, HttpHeaders headers, boolean authorized) {
        this.connection = connection;
        this.routed = routed;
        this.headers = headers;
        this.authorized = authorized;
    }

    void body(byte[] bytes) {
        body = bytes;
    }

    Handler handler() {
        return routed.match().route().handler();
    }

    Routed routed() {
        return routed;
    }

    /**
     * The HTTP method.
     *
     * @return in capital letters
     */
    public String method() {
        return routed.method();
    }

    /**
     * The path as it was sent, without the query.
     *
     * @return begins with a slash
     */
    public String path() {
        return routed.target().path();
    }

    /**
     * A variable of the route's template.
     *
     * @param name its name
     * @return what stands in its place, decoded
     */
    public String parameter(String name) {
        String value = routed.match().parameters().get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no variable '" + name + "'");
        }
        return value;
    }

    /**
     * A value of the query.
     *
     * @param name its name
     * @return the value, decoded, or empty if it is not there
     */
    public Optional<String> query(String name) {
        return Optional.ofNullable(routed.target().query().get(name));
    }

    /**
     * All values of the query.
     *
     * @return names and values, decoded
     */
    public Map<String, String> queries() {
        return routed.target().query();
    }

    /**
     * A request header.
     *
     * @param name in any case
     * @return its value, or empty if it is not there or stands there more than once
     */
    public Optional<String> header(CharSequence name) {
        List<String> values = headers(name);
        return values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
    }

    /**
     * All values of a request header.
     *
     * @param name in any case
     * @return the values in order
     * @throws IllegalStateException after {@link #dropHeaders}
     */
    public List<String> headers(CharSequence name) {
        return kept().getAll(name);
    }

    private HttpHeaders kept() {
        HttpHeaders present = headers;
        if (present == null) {
            throw new IllegalStateException("the headers of this request were let go of");
        }
        return present;
    }

    /** Lets go of the headers, so that a request that waits for its answer does not hold them; nobody may ask for one any more. */
    public void dropHeaders() {
        headers = null;
    }

    /**
     * Where the request stands in a distributed trace: its headers {@code traceparent}, {@code tracestate} and {@code baggage}.
     *
     * @return what is usable of them, or empty
     */
    public Optional<TraceContext> trace() {
        boolean traced = kept().contains(TRACEPARENT) || kept().contains(BAGGAGE);
        return traced
                ? TraceContext.parse(header(TRACEPARENT).orElse(null), joined(TRACESTATE), joined(BAGGAGE))
                : Optional.empty();
    }

    /**
     * Parameters that carry the trace of this request.
     *
     * @param params what was sent with it, or null for none
     * @return the same without a trace, or where they say it themselves
     */
    public @Nullable JsonText traced(@Nullable JsonText params) {
        Optional<TraceContext> trace = trace();
        return trace.isEmpty() ? params : trace.get().into(params);
    }

    /** A list that may stand in several headers. */
    private @Nullable String joined(CharSequence name) {
        List<String> values = headers(name);
        return values.isEmpty() ? null : String.join(",", values);
    }

    /**
     * The body.
     *
     * @return its bytes, not copied; empty if there is none
     */
    public byte[] body() {
        return body;
    }

    /**
     * The body as JSON.
     *
     * @return the value; an empty object if there is no body
     * @throws io.agenthub.api.rpc.MalformedMessageException if it is not JSON or beyond {@link JsonLimits#DOOR}
     */
    public JsonText json() {
        return body.length == 0 ? JsonText.EMPTY_OBJECT : JsonText.of(body, JsonLimits.DOOR);
    }

    /**
     * Whether the caller showed the token, or none is asked for. Always true but on open routes.
     *
     * @return whether it may see everything
     */
    public boolean isAuthorized() {
        return authorized;
    }

    /**
     * The address the request came from.
     *
     * @return a literal IP address
     */
    public String peer() {
        return connection.peer();
    }

    /**
     * Answers. Without effect if the request is answered already or the client is gone.
     *
     * @param response the answer
     */
    public void respond(Response response) {
        settle(response);
    }

    /**
     * Answers with what the server's error page makes of a failure.
     *
     * @param failure what went wrong
     */
    public void fail(Throwable failure) {
        settle(failure);
    }

    /**
     * Answers with a body that comes piece by piece.
     *
     * @param head status, media type and headers; its body is sent first
     * @return takes the pieces; closed already if the request is answered or the client is gone
     */
    public ResponseStream stream(Response head) {
        ResponseStream stream = new ResponseStream(connection, this, head);
        if (settle(stream)) {
            stream.write(head.body().toArray(ByteBuffer[]::new));
        } else {
            stream.close();
        }
        return stream;
    }

    private boolean settle(@Nullable Object value) {
        // A handler that forgets its answer must not leave the client waiting.
        Object outcome = value == null ? new NullPointerException("the handler gave no answer") : value;
        boolean first = OUTCOME.compareAndSet(this, null, outcome);
        if (first) {
            connection.execute(this);
        }
        return first;
    }

    /**
     * Says who is to hear of it when the client goes away, or the server closes, before the answer is complete; at once if it has
     * happened.
     *
     * @param working replaces the one said before
     */
    public void onAbandoned(Owner working) {
        owner = working;
        if (cutShort) {
            working.cutShort();
        }
        if (abandoned) {
            tellOwner();
        }
    }

    /** Has it answered now, by its owner or else with a failure. */
    void cutShort(Throwable reason) {
        cutShort = true;
        Owner working = owner;
        try {
            if (working != null) {
                working.cutShort();
            }
        } finally {
            settle(reason);
        }
    }

    /** Whether its answer is a stream to which more can come. */
    boolean isStreaming() {
        return outcome instanceof ResponseStream stream && stream.isOpen();
    }

    void abandon() {
        abandoned = true;
        if (outcome instanceof ResponseStream stream) {
            stream.close();
        }
        tellOwner();
    }

    private void tellOwner() {
        Owner working = owner;
        if (working != null && OWNER.compareAndSet(this, working, null)) {
            working.abandoned();
        }
    }

    @Nullable
    Object outcome() {
        return outcome;
    }

    /** Carries the answer to the connection; called by the event loop. */
    @Override
    public void run() {
        connection.settled(this);
    }
}
