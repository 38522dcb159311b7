package io.agenthub.api.rpc;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An error that a server answered.
 *
 * @param json the whole error object, relayed byte for byte
 * @param code its code
 * @param message its message
 */
public record RpcError(JsonText json, int code, String message) implements RpcOutcome {

    /** JSON-RPC: the method does not exist. */
    public static final int METHOD_NOT_FOUND = -32601;

    /** JSON-RPC: the parameters are wrong. */
    public static final int INVALID_PARAMS = -32602;

    /** JSON-RPC: a fault of the answering side. */
    public static final int INTERNAL_ERROR = -32603;

    /**
     * Makes an error.
     *
     * @param code the code
     * @param message one sentence
     * @param data more about it, or null
     * @return the error
     */
    public static RpcError of(int code, String message, @Nullable JsonText data) {
        Map<String, JsonText> members = new LinkedHashMap<>();
        members.put("code", JsonText.of(Integer.toString(code)));
        members.put("message", JsonText.quote(message));
        if (data != null) {
            members.put("data", data);
        }
        return new RpcError(JsonText.object(members), code, message);
    }

    /** Reads the value of {@code error}. */
    static RpcError read(JsonText json) {
        Optional<Integer> code = json.member("code").flatMap(RpcError::toInt);
        Optional<String> message = json.member("message").flatMap(JsonText::string);
        if (code.isEmpty() || message.isEmpty()) {
            throw new MalformedMessageException(
                    MalformedMessageException.INVALID_REQUEST,
                    "Invalid response: 'error' needs an integer 'code' and a string 'message'");
        }
        return new RpcError(json, code.get(), message.get());
    }

    private static Optional<Integer> toInt(JsonText number) {
        try {
            return Optional.of(Integer.parseInt(number.toString()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * What the server says beyond the message.
     *
     * @return the value of {@code data}, or empty
     */
    public Optional<JsonText> data() {
        return json.member("data");
    }
}
