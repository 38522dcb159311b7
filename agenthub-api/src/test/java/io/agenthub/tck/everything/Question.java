package io.agenthub.tck.everything;

import io.agenthub.api.rpc.JsonText;

/**
 * Something to ask the client.
 *
 * @param method {@code elicitation/create}, {@code sampling/createMessage} or {@code roots/list}
 * @param capability what the client must have declared for it: like {@code {"sampling":{}}}
 * @param params the question's parameters
 */
record Question(String method, JsonText capability, JsonText params) {
    private static final JsonText ELICITATION = JsonText.of("{\"elicitation\":{}}");
    private static final JsonText URL_ELICITATION = JsonText.of("{\"elicitation\":{\"url\":{}}}");
    private static final JsonText SAMPLING = JsonText.of("{\"sampling\":{}}");
    private static final JsonText ROOTS = JsonText.of("{\"roots\":{}}");

    /** A form. */
    static Question form(String message, JsonText schema) {
        return new Question(
                "elicitation/create", ELICITATION, Json.fill("{\"message\":%,\"requestedSchema\":%}", message, schema));
    }

    /** A form with one field that must be filled. */
    static Question form(String message, String field, String type) {
        return form(
                message,
                Json.fill(
                        "{\"type\":\"object\",\"properties\":{%:{\"type\":%}},\"required\":[%]}", field, type, field));
    }

    /** A visit to a page. */
    static Question visit(JsonText params) {
        return new Question("elicitation/create", URL_ELICITATION, params);
    }

    /** One answer of the client's model. */
    static Question sampling(String prompt, int maxTokens) {
        return new Question("sampling/createMessage", SAMPLING, Json.fill("""
                        {"messages":[{"role":"user","content":{"type":"text","text":%}}],"maxTokens":%}""", prompt, maxTokens));
    }

    /** The client's roots. */
    static Question roots() {
        return new Question("roots/list", ROOTS, JsonText.EMPTY_OBJECT);
    }

    /** Whether capabilities hold what is needed. A client that declares no kind of elicitation has forms. */
    boolean isWithin(JsonText capabilities) {
        return covers(capabilities, capability);
    }

    private static boolean covers(JsonText has, JsonText needs) {
        for (String name : needs.members().keySet()) {
            JsonText part = Json.member(has, name);
            JsonText need = Json.member(needs, name);
            if (part == null || need == null || !covers(part, need)) {
                return false;
            }
        }
        return true;
    }

    /** Whether an answer has the shape that this question asks for. */
    boolean isAnsweredBy(JsonText answer) {
        return switch (method) {
            case "elicitation/create" -> Json.string(answer, "action") != null;
            case "sampling/createMessage" -> Json.member(answer, "content") != null;
            default -> {
                JsonText roots = Json.member(answer, "roots");
                yield roots != null && roots.isArray();
            }
        };
    }
}
