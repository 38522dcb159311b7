package io.agenthub.api.rpc;

/** A server's error, for callers who asked for a plain result; see {@link RpcOutcome#orThrow()}. */
public final class RpcErrorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The error. */
    private final transient RpcError error;

    /**
     * Wraps the error.
     *
     * @param error what the server answered
     */
    public RpcErrorException(RpcError error) {
        super(error.message() + " (" + error.code() + ")", null, true, false);
        this.error = error;
    }

    /**
     * What the server answered.
     *
     * @return the error, whole
     */
    public RpcError error() {
        return error;
    }
}
