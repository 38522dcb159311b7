package io.agenthub.tck.everything;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import org.jspecify.annotations.Nullable;

/** A request that is answered with a JSON-RPC error. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    static final int INVALID_REQUEST = -32600;
    static final int METHOD_NOT_FOUND = RpcError.METHOD_NOT_FOUND;
    static final int INVALID_PARAMS = RpcError.INVALID_PARAMS;
    static final int INTERNAL_ERROR = RpcError.INTERNAL_ERROR;
    static final int RESOURCE_NOT_FOUND = -32002;
    static final int URL_ELICITATION_REQUIRED = -32042;
    static final int MISSING_CAPABILITY = -32021;
    static final int UNSUPPORTED_VERSION = -32022;

    private final transient RpcError error;

    Refusal(int code, String message) {
        this(code, message, null);
    }

    Refusal(int code, String message, @Nullable JsonText data) {
        super(message, null, false, false);
        this.error = RpcError.of(code, message, data);
    }

    RpcError error() {
        return error;
    }
}
