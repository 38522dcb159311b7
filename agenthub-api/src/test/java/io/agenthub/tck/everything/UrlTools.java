package io.agenthub.tck.everything;

import io.agenthub.api.rpc.JsonText;
import java.util.concurrent.atomic.AtomicBoolean;

/** The tools that send the user to a page. */
final class UrlTools {
    private static final String VISIT =
            "{\"mode\":\"url\",\"message\":\"Please sign in\",\"url\":\"https://example.com/sign-in\"}";
    private static final String VISIT_WITH_ID =
            "{\"mode\":\"url\",\"message\":\"Please sign in\",\"url\":\"https://example.com/sign-in\",\"elicitationId\":\"sign-in-1\"}";

    /** Process-wide, as an account that was signed in once would be. */
    private static final AtomicBoolean SIGNED_IN = new AtomicBoolean();

    private UrlTools() {}

    static Outcome take(String name, Turn turn) {
        return switch (name) {
            case "test_url_elicitation" -> visit(turn);
            case "test_url_elicitation_required" -> turn.client().hasSession() ? required() : visit(turn);
            default -> throw new Refusal(Refusal.INVALID_PARAMS, "Unknown tool: ".concat(name));
        };
    }

    private static Outcome visit(Turn turn) {
        // The id went away with the modern era.
        Question visit = Question.visit(JsonText.of(turn.client().hasSession() ? VISIT_WITH_ID : VISIT));
        JsonText answer = turn.answer("visit", visit);
        if (answer == null) {
            return Outcome.ask("visit", visit);
        }
        return Outcome.text("Visit: ".concat(Json.string(answer, "action", "")));
    }

    private static Outcome required() {
        if (SIGNED_IN.getAndSet(false)) {
            return Outcome.text("Visit: done");
        }
        SIGNED_IN.set(true);
        throw new Refusal(
                Refusal.URL_ELICITATION_REQUIRED,
                "A visit is required",
                Json.fill("{\"elicitations\":[%]}", JsonText.of(VISIT_WITH_ID)));
    }
}
