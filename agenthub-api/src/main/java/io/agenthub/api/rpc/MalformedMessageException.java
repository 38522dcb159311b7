package io.agenthub.api.rpc;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.ErrorKind;

/** Bytes that are not the JSON, or not the JSON-RPC message, that they should be. */
public final class MalformedMessageException extends AgentHubException {
    private static final long serialVersionUID = 1L;

    /** JSON-RPC: the text is not JSON. */
    public static final int PARSE_ERROR = -32700;

    /** JSON-RPC: the JSON is not a request. */
    public static final int INVALID_REQUEST = -32600;

    /** The JSON-RPC code. */
    private final int code;

    /**
     * Creates the refusal.
     *
     * @param code {@link #PARSE_ERROR} or {@link #INVALID_REQUEST}
     * @param message what is wrong and where
     */
    public MalformedMessageException(int code, String message) {
        this(code, message, false);
    }

    /**
     * Creates the refusal of what may be a part of something sent before.
     *
     * @param code {@link #PARSE_ERROR} or {@link #INVALID_REQUEST}
     * @param message what is wrong and where
     * @param dispatched whether a byte of the request may have reached the server
     */
    public MalformedMessageException(int code, String message, boolean dispatched) {
        super(ErrorKind.BAD_REQUEST, message, null, dispatched, null);
        this.code = code;
    }

    /**
     * The JSON-RPC error code for it.
     *
     * @return {@link #PARSE_ERROR} or {@link #INVALID_REQUEST}
     */
    public int code() {
        return code;
    }
}
