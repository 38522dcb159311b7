package io.agenthub.gateway.internal.mcp.stateless;

import io.agenthub.api.ErrorKind;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.gateway.internal.mcp.wire.Revisions;
import io.agenthub.gateway.internal.mcp.wire.RpcRefusal;
import java.util.List;
import java.util.Map;

/** The error codes of the stateless revision, and those of the older ones that must not be heard in it. */
final class Codes {
    /** A header does not say what the body says. */
    static final int HEADER_MISMATCH = -32_020;

    /** The client cannot do what the request needs. */
    static final int MISSING_CAPABILITY = -32_021;

    /** A revision that is not spoken here. */
    static final int UNSUPPORTED_VERSION = -32_022;

    /** Older revisions: there is no such resource. */
    static final int RESOURCE_NOT_FOUND = -32_002;

    /** Older revisions: the user has to visit an address first. */
    static final int URL_ELICITATION_REQUIRED = -32_042;

    private static final int LEAST_RESERVED = -32_099;

    private Codes() {}

    /** Whether the specification keeps a code for itself. */
    static boolean isReserved(int code) {
        return (code >= LEAST_RESERVED && code <= HEADER_MISMATCH) || code == RESOURCE_NOT_FOUND;
    }

    static RpcRefusal headerMismatch(String message) {
        return new RpcRefusal(400, RpcError.of(HEADER_MISMATCH, message, null));
    }

    static RpcRefusal unsupportedVersion(String requested) {
        JsonText data = JsonText.ofValue(Map.of("supported", List.of(Revisions.MODERN), "requested", requested));
        return new RpcRefusal(400, RpcError.of(UNSUPPORTED_VERSION, "This protocol version is not spoken here", data));
    }

    static RpcError missingCapability(JsonText required) {
        return RpcError.of(
                MISSING_CAPABILITY,
                "This request needs a client that can be asked",
                JsonText.object(Map.of("requiredCapabilities", required)));
    }

    /** The server has begun, and waits for an answer that there is no room to wait for. */
    static RpcError tooManyQuestions() {
        JsonText data = JsonText.ofValue(Map.of("kind", ErrorKind.BUSY.name(), "dispatched", true, "retryable", false));
        return RpcError.of(429, "Too many calls wait for answers of their clients; this one was withdrawn", data);
    }

    /** A state that was changed, used before, made for something else, or is too old; which of these is told to nobody. */
    static RpcRefusal unknownState() {
        return RpcRefusal.invalidParams(200, "This requestState is not valid, or not any more; begin again without it");
    }

    static RpcRefusal unknownMethod(String method) {
        return new RpcRefusal(404, RpcError.of(RpcError.METHOD_NOT_FOUND, "Method not found: " + method, null));
    }

    /** The HTTP status that an error has if nothing was sent before it. */
    static int status(int code) {
        return switch (code) {
            case MISSING_CAPABILITY -> 400;
            case RpcError.METHOD_NOT_FOUND -> 404;
            default -> 200;
        };
    }
}
