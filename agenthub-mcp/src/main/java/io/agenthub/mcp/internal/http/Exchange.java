package io.agenthub.mcp.internal.http;

import io.agenthub.mcp.internal.http.HttpFault.Reason;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** One request and its answer. Confined to the pool's event loop. */
public final class Exchange {
    /*
     *   waiting ──▶ connecting ──▶ sent ──▶ answering ──▶ done
     *      └─────────────┴───────────┴──────────┴──▶ done, by failure or cancel: closes the connection
     */
    private final ConnectionPool pool;
    final HttpRequest request;
    final boolean counted;
    private final AnswerReader reader;
    private @Nullable Channel channel;
    private boolean sent;
    private boolean done;

    Exchange(ConnectionPool pool, HttpRequest request, boolean counted, AnswerReader reader) {
        this.pool = pool;
        this.request = request;
        this.counted = counted;
        this.reader = reader;
    }

    /** Gives up; the connection it is on is closed. The reader hears nothing more. */
    public void cancel() {
        if (!done) {
            end();
            closeChannel();
        }
    }

    /**
     * Whether it has ended, in whatever way.
     *
     * @return true after the reader's last call and after {@link #cancel}
     */
    public boolean isDone() {
        return done;
    }

    /** Whether it may be sent on this channel; if not, it has ended and the channel is free. */
    boolean sending(Channel carrier) {
        boolean wanted = reader.sending();
        if (done) {
            return false;
        }
        if (!wanted) {
            end();
            return false;
        }
        channel = carrier;
        sent = true;
        return true;
    }

    void begun(int status, HttpHeaders headers) {
        if (!done) {
            reader.begun(status, headers);
        }
    }

    void received(byte[] bytes) {
        if (!done) {
            reader.received(bytes);
        }
    }

    /** The answer is complete; the connection is no longer this exchange's. */
    void ended() {
        if (!done) {
            end();
            channel = null;
            reader.ended();
        }
    }

    void fail(Reason reason, String detail, @Nullable Throwable cause) {
        if (!done) {
            end();
            closeChannel();
            reader.failed(new HttpFault(reason, detail, sent, cause));
        }
    }

    private void end() {
        done = true;
        pool.ended(this);
    }

    private void closeChannel() {
        Channel carrier = channel;
        channel = null;
        if (carrier != null) {
            carrier.close();
        }
    }
}
