package io.agenthub.tck.everything;

import io.agenthub.api.rpc.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The prompts by name, and what completes their arguments. */
final class Prompts {
    private static final Question CONTEXT = Question.form("What context should the prompt use?", "context", "string");
    private static final List<String> PLACES = List.of("paris", "park", "party", "prague");

    private Prompts() {}

    static Outcome take(String name, Turn turn) {
        return switch (name) {
            case "test_simple_prompt" -> messages(text("This is a simple prompt for testing."));
            case "test_prompt_with_arguments" -> {
                JsonText arguments = turn.arguments();
                yield messages(text("Prompt with arguments: arg1='"
                        .concat(Json.required(arguments, "arg1"))
                        .concat("', arg2='")
                        .concat(Json.required(arguments, "arg2"))
                        .concat("'")));
            }
            case "test_prompt_with_embedded_resource" ->
                messages(
                        Tools.resource(
                                Json.required(turn.arguments(), "resourceUri"),
                                "text/plain",
                                "Embedded resource content for testing."),
                        text("Please process the embedded resource above."));
            case "test_prompt_with_image" -> messages(Tools.image(), text("Please analyze the image above."));
            case "test_input_required_result_prompt" -> {
                JsonText answer = turn.answer("user_context", CONTEXT);
                yield answer == null
                        ? Outcome.ask("user_context", CONTEXT)
                        : messages(text("Prompt with context: "
                                .concat(Json.string(Json.member(answer, "content"), "context", "unknown"))));
            }
            default -> throw new Refusal(Refusal.INVALID_PARAMS, "Unknown prompt: ".concat(name));
        };
    }

    private static JsonText text(String text) {
        return Json.fill("{\"type\":\"text\",\"text\":%}", text);
    }

    private static Outcome messages(JsonText... contents) {
        List<JsonText> messages = new ArrayList<>();
        for (JsonText content : contents) {
            messages.add(Json.fill("{\"role\":\"user\",\"content\":%}", content));
        }
        return new Outcome.Done(JsonText.object(Map.of("messages", JsonText.array(messages))));
    }

    /** Answers {@code completion/complete}: places for the prompt's first argument, nothing for anything else. */
    static JsonText complete(JsonText params) {
        JsonText reference = Json.object(params, "ref");
        JsonText argument = Json.object(params, "argument");
        String start = Json.required(argument, "value");
        boolean places = "test_prompt_with_arguments".equals(Json.string(reference, "name"))
                && "arg1".equals(Json.required(argument, "name"));
        List<JsonText> values = new ArrayList<>();
        for (String place : PLACES) {
            if (places && place.startsWith(start)) {
                values.add(JsonText.quote(place));
            }
        }
        return Json.fill(
                "{\"completion\":{\"values\":%,\"total\":%,\"hasMore\":false}}", JsonText.array(values), values.size());
    }
}
