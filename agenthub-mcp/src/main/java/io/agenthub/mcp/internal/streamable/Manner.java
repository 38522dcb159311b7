package io.agenthub.mcp.internal.streamable;

import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcOutcome;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What differs between the eras in how messages go over HTTP. Confined to the loop. */
interface Manner {

    /**
     * Begins a call as soon as all is known that its request needs. May throw, where nobody waits but this call.
     *
     * @param call the call
     * @param post sends it
     */
    void begin(Call call, Runnable post);

    /** The headers of a call's request, beside those that every request has. */
    Map<String, String> headers(Call call);

    /** The headers of any other request. */
    Map<String, String> headers();

    /** A call was accepted. */
    void accepted(Call call, HttpHeaders headers);

    /**
     * A call was refused before anything was done with it.
     *
     * @param call the call, pending
     * @param status the HTTP status
     * @param error the error that came with it, or null
     * @return true if the refusal is taken care of and the call goes on
     */
    boolean refused(Call call, int status, @Nullable RpcError error);

    /**
     * A call was answered; what its caller is told.
     *
     * @throws io.agenthub.api.rpc.MalformedMessageException if the answer is ambiguous
     */
    RpcOutcome answered(Call call, RpcOutcome outcome);

    /** A call was withdrawn after it was sent. */
    void withdrawn(Call call);

    /** Whether the server may send requests, and streams can be taken up again at all. */
    boolean hasSession();

    /** Whether the stream of a call that the server has accepted can be taken up again now. */
    boolean isResumable(Call call);

    /** The connection ends. */
    void close(Runnable done);
}
