package io.agenthub.mcp.internal.era;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A result that is a question: what the server wants to know before it goes on.
 *
 * @param requests its questions by key, each with the key as its id; may be empty
 * @param state what it wants to be given back as it is
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr">MCP 2026-07-28, Multi Round-Trip
 *     Requests</a>
 */
record InputRequired(Map<String, RpcRequest> requests, Optional<JsonText> state) {
    private static final Set<String> ASKING = Set.of("tools/call", "prompts/get", "resources/read");
    private static final Set<String> QUESTIONS = Set.of("elicitation/create", "sampling/createMessage");
    private static final String ROOTS = "roots/list";
    private static final JsonText TYPE = JsonText.quote("input_required");
    private static final int MOST_REQUESTS = 64;

    /** A server asked what it must not. The message completes "Server 'x' …". */
    static final class ForbiddenException extends Exception {
        private static final long serialVersionUID = 1L;

        ForbiddenException(String message) {
            super(message);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }

    static boolean isIt(JsonText result) {
        return result.member("resultType").filter(TYPE::equals).isPresent();
    }

    /** Reads and checks. */
    static InputRequired read(String method, JsonText result, boolean mayAskRoots) throws ForbiddenException {
        if (!ASKING.contains(method)) {
            throw new ForbiddenException("asked for input in answer to " + method);
        }
        Map<String, JsonText> asked =
                result.member("inputRequests").map(JsonText::members).orElse(Map.of());
        Optional<JsonText> state = result.member("requestState");
        if (asked.isEmpty() && state.isEmpty()) {
            throw new ForbiddenException("asked for input without saying for which");
        }
        if (asked.size() > MOST_REQUESTS) {
            throw new ForbiddenException("asked " + asked.size() + " questions at once");
        }
        Map<String, RpcRequest> requests = new LinkedHashMap<>();
        for (Map.Entry<String, JsonText> entry : asked.entrySet()) {
            requests.put(entry.getKey(), question(entry.getKey(), entry.getValue(), mayAskRoots));
        }
        return new InputRequired(requests, state);
    }

    private static RpcRequest question(String key, JsonText request, boolean mayAskRoots) throws ForbiddenException {
        String method = request.member("method").flatMap(JsonText::string).orElse("");
        if (!QUESTIONS.contains(method) && !(mayAskRoots && method.equals(ROOTS))) {
            throw new ForbiddenException("asked its caller for '" + method + "', which it was not offered");
        }
        return new RpcRequest(
                JsonText.quote(key), method, request.member("params").orElse(null));
    }

    /** The parameters of the request that answers. */
    JsonText retry(@Nullable JsonText params, Map<String, JsonText> responses) {
        JsonText next = params == null ? JsonText.EMPTY_OBJECT : params;
        next = responses.isEmpty() ? next : next.with("inputResponses", JsonText.object(responses));
        return state.isPresent() ? next.with("requestState", state.get()) : next;
    }
}
