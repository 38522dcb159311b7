package io.agenthub.gateway.internal.mcp.stateless;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.gateway.internal.mcp.wire.Capabilities;
import io.agenthub.gateway.internal.mcp.wire.Meta;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Outcomes as stateless clients know them, whichever era their server is of. */
final class ModernOutcomes {
    /** The requests that may be answered by a question. */
    static final Set<String> ASKING = Set.of("tools/call", "prompts/get", "resources/read");

    private static final Set<String> CACHEABLE = Set.of(
            "server/discover",
            "tools/list",
            "prompts/list",
            "resources/list",
            "resources/templates/list",
            "resources/read");
    private static final JsonText COMPLETE = JsonText.quote("complete");
    private static final JsonText INPUT_REQUIRED = JsonText.quote("input_required");
    private static final JsonText NOT_FRESH = JsonText.of("0");
    private static final JsonText PRIVATE = JsonText.quote("private");

    private ModernOutcomes() {}

    /**
     * The outcome of a request.
     *
     * @param capabilities what the client can be asked
     * @param serverInfo who answered, if known
     * @param stateless whether the server is known to be stateless
     */
    static RpcOutcome of(
            RpcRequest request,
            RpcOutcome outcome,
            JsonText capabilities,
            Optional<JsonText> serverInfo,
            boolean stateless) {
        if (outcome instanceof RpcResult result) {
            boolean modern = result.value().member("resultType").isPresent();
            return modern
                    ? checked(request, result, capabilities)
                    : new RpcResult(complete(request.method(), result.value(), serverInfo));
        }
        return error(request, (RpcError) outcome, capabilities, stateless);
    }

    /** A result of a server with sessions, with what such servers do not say: that it is complete, and not to be kept. */
    static JsonText complete(String method, JsonText result, Optional<JsonText> serverInfo) {
        if (!result.isObject()) {
            throw new MalformedMessageException(
                    MalformedMessageException.INVALID_REQUEST, "Invalid result: it must be an object");
        }
        Map<String, JsonText> members = new LinkedHashMap<>(result.members());
        members.put("resultType", COMPLETE);
        if (CACHEABLE.contains(method)) {
            members.put("ttlMs", NOT_FRESH);
            members.put("cacheScope", PRIVATE);
        }
        JsonText stamped = JsonText.object(members);
        return serverInfo.isPresent() ? Meta.with(stamped, Meta.SERVER_INFO, serverInfo.get()) : stamped;
    }

    /** Whatever a server says, a client is asked only what it can answer, and only where it may be asked. */
    private static RpcOutcome checked(RpcRequest request, RpcResult result, JsonText capabilities) {
        if (!result.value().member("resultType").filter(INPUT_REQUIRED::equals).isPresent()) {
            return result;
        }
        if (!ASKING.contains(request.method())) {
            return RpcError.of(RpcError.INTERNAL_ERROR, "The server asked for input where that is not possible", null);
        }
        JsonText questions = result.value().member("inputRequests").orElse(JsonText.EMPTY_OBJECT);
        for (JsonText question : questions.members().values()) {
            String method = question.member("method").flatMap(JsonText::string).orElse("");
            Optional<JsonText> missing = Capabilities.missing(
                    capabilities, method, question.member("params").orElse(null));
            if (missing.isPresent()) {
                return Codes.missingCapability(missing.get());
            }
        }
        return result;
    }

    /** A result that asks the client. */
    static RpcResult inputRequired(
            Map<String, JsonText> questions, Optional<String> state, Optional<JsonText> serverInfo) {
        Map<String, JsonText> members = new LinkedHashMap<>();
        members.put("resultType", INPUT_REQUIRED);
        members.put("inputRequests", JsonText.object(questions));
        state.ifPresent(text -> members.put("requestState", JsonText.quote(text)));
        JsonText result = JsonText.object(members);
        return new RpcResult(serverInfo.isPresent() ? Meta.with(result, Meta.SERVER_INFO, serverInfo.get()) : result);
    }

    private static RpcOutcome error(RpcRequest request, RpcError error, JsonText capabilities, boolean stateless) {
        if (!Codes.isReserved(error.code()) || (stateless && error.code() == Codes.MISSING_CAPABILITY)) {
            return error;
        }
        if (error.code() == Codes.RESOURCE_NOT_FOUND) {
            return notFound(request, error);
        }
        if (error.code() == Codes.URL_ELICITATION_REQUIRED && ASKING.contains(request.method())) {
            return visit(error, capabilities);
        }
        return RpcError.of(
                RpcError.INTERNAL_ERROR, error.message(), error.data().orElse(null));
    }

    private static RpcError notFound(RpcRequest request, RpcError error) {
        JsonText data = error.data().filter(JsonText::isObject).orElse(JsonText.EMPTY_OBJECT);
        JsonText params = request.params();
        Optional<JsonText> uri = params == null ? Optional.empty() : params.member("uri");
        JsonText named = uri.isPresent() && data.member("uri").isEmpty() ? data.with("uri", uri.get()) : data;
        return RpcError.of(RpcError.INVALID_PARAMS, error.message(), named);
    }

    /** The error that sends the user to an address first, as the question that it is; the request is repeated afterwards. */
    private static RpcOutcome visit(RpcError error, JsonText capabilities) {
        Map<String, JsonText> questions = new LinkedHashMap<>();
        for (JsonText visit : error.data()
                .flatMap(data -> data.member("elicitations"))
                .orElse(JsonText.NULL)
                .elements()) {
            if (visit.isObject()) {
                JsonText params = visit.without("elicitationId").with("mode", JsonText.quote("url"));
                Optional<JsonText> missing = Capabilities.missing(capabilities, "elicitation/create", params);
                if (missing.isPresent()) {
                    return Codes.missingCapability(missing.get());
                }
                questions.put("visit-" + (questions.size() + 1), Questions.bare("elicitation/create", params));
            }
        }
        return questions.isEmpty()
                ? RpcError.of(RpcError.INTERNAL_ERROR, error.message(), null)
                : inputRequired(questions, Optional.empty(), Optional.empty());
    }
}
