package io.agenthub.gateway.internal.mcp.wire;

import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcError;

/** A message that is answered with a JSON-RPC error before anything is done with it. */
public final class RpcRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The HTTP status. */
    private final int status;

    /** What the client is told. */
    private final transient RpcError error;

    /**
     * Makes a refusal without a stack trace.
     *
     * @param status the HTTP status
     * @param error what the client is told
     */
    public RpcRefusal(int status, RpcError error) {
        super(error.message(), null, false, false);
        this.status = status;
        this.error = error;
    }

    /**
     * A message that is not what it should be.
     *
     * @param status the HTTP status
     * @param message one sentence
     * @return the refusal, with code -32600
     */
    public static RpcRefusal invalidRequest(int status, String message) {
        return new RpcRefusal(status, RpcError.of(MalformedMessageException.INVALID_REQUEST, message, null));
    }

    /**
     * Parameters that are not what they should be.
     *
     * @param status the HTTP status
     * @param message one sentence
     * @return the refusal, with code -32602
     */
    public static RpcRefusal invalidParams(int status, String message) {
        return new RpcRefusal(status, RpcError.of(RpcError.INVALID_PARAMS, message, null));
    }

    /**
     * The HTTP status.
     *
     * @return 200 to 499
     */
    public int status() {
        return status;
    }

    /**
     * What the client is told.
     *
     * @return the error object
     */
    public RpcError error() {
        return error;
    }
}
