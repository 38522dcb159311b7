package io.agenthub.tck.everything;

import io.agenthub.api.rpc.JsonText;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tools that ask the client something before they answer. */
final class AskingTools {
    private static final Question NAME = Question.form("What is your name?", "name", "string");
    private static final Question CONFIRM = Question.form("Please confirm", "ok", "boolean");
    private static final JsonText DEFAULTS = JsonText.of("""
            {"type":"object","properties":{
              "name":{"type":"string","description":"User name","default":"John Doe"},
              "age":{"type":"integer","description":"User age","default":30},
              "score":{"type":"number","description":"User score","default":95.5},
              "status":{"type":"string","description":"User status","enum":["active","inactive","pending"],"default":"active"},
              "verified":{"type":"boolean","description":"Verification status","default":true}},
             "required":[]}""");
    private static final JsonText ENUMS = JsonText.of("""
            {"type":"object","properties":{
              "untitledSingle":{"type":"string","enum":["option1","option2","option3"]},
              "titledSingle":{"type":"string","oneOf":[{"const":"value1","title":"First Option"},
                {"const":"value2","title":"Second Option"},{"const":"value3","title":"Third Option"}]},
              "legacyEnum":{"type":"string","enum":["opt1","opt2","opt3"],
                "enumNames":["Option One","Option Two","Option Three"]},
              "untitledMulti":{"type":"array","minItems":1,"maxItems":3,
                "items":{"type":"string","enum":["option1","option2","option3"]}},
              "titledMulti":{"type":"array","minItems":1,"maxItems":3,
                "items":{"anyOf":[{"const":"value1","title":"First Choice"},
                  {"const":"value2","title":"Second Choice"},{"const":"value3","title":"Third Choice"}]}}},
             "required":[]}""");

    private AskingTools() {}

    static Outcome take(String name, Turn turn) {
        return switch (name) {
            case "test_sampling" ->
                sampled(turn, Question.sampling(Json.required(turn.arguments(), "prompt"), 100), "LLM response: ");
            case "test_elicitation" ->
                form(turn, Question.form(Json.required(turn.arguments(), "message"), "response", "string"));
            case "test_elicitation_sep1034_defaults" ->
                form(turn, Question.form("Please review and update the form fields with defaults", DEFAULTS));
            case "test_elicitation_sep1330_enums" ->
                form(turn, Question.form("Please select options from the enum fields", ENUMS));
            case "test_missing_capability" -> missingCapability(turn);
            case "test_input_required_result_elicitation" -> hello(turn);
            case "test_input_required_result_sampling" ->
                sampled(turn, Question.sampling("What is the capital of France?", 100), "Sampling result: ");
            case "test_input_required_result_list_roots" -> roots(turn);
            case "test_input_required_result_request_state" -> confirmed(turn, "state-ok: requestState validated");
            case "test_input_required_result_tampered_state" -> confirmed(turn, "integrity-ok: state verified");
            case "test_input_required_result_multiple_inputs" -> several(turn);
            case "test_input_required_result_multi_round" -> rounds(turn);
            case "test_input_required_result_capabilities" -> declared(turn);
            default -> UrlTools.take(name, turn);
        };
    }

    private static Outcome sampled(Turn turn, Question question, String introduction) {
        JsonText answer = turn.answer("sample_request", question);
        if (answer == null) {
            return Outcome.ask("sample_request", question);
        }
        return Outcome.text(introduction.concat(spoken(answer)));
    }

    /** The text of what a model said. */
    private static String spoken(JsonText sample) {
        return Json.string(Json.member(sample, "content"), "text", "nothing");
    }

    private static Outcome form(Turn turn, Question question) {
        JsonText answer = turn.answer("form", question);
        if (answer == null) {
            return Outcome.ask("form", question);
        }
        JsonText content = Json.member(answer, "content");
        return Outcome.text("User response: action="
                .concat(Json.string(answer, "action", ""))
                .concat(", content=")
                .concat(content == null ? "{}" : content.toString()));
    }

    private static Outcome missingCapability(Turn turn) {
        Question question = Question.sampling("Say anything", 10);
        if (turn.answer("sample_request", question) == null) {
            Map<String, Question> questions = new LinkedHashMap<>();
            questions.put("sample_request", question);
            return new Outcome.Ask(questions, null, true);
        }
        return Outcome.text("Success");
    }

    private static Outcome hello(Turn turn) {
        JsonText answer = turn.answer("user_name", NAME);
        if (answer == null) {
            return Outcome.ask("user_name", NAME);
        }
        return Outcome.text("Hello, ".concat(filled(answer, "name")).concat("!"));
    }

    private static String filled(@Nullable JsonText form, String field) {
        return Json.string(Json.member(form, "content"), field, "unknown");
    }

    private static Outcome roots(Turn turn) {
        JsonText answer = turn.answer("client_roots", Question.roots());
        if (answer == null) {
            return Outcome.ask("client_roots", Question.roots());
        }
        return Outcome.text("Found ".concat(count(answer)).concat(" root(s)"));
    }

    private static String count(JsonText answer) {
        return Integer.toString(answer.at("/roots").orElseThrow().elements().size());
    }

    private static Outcome confirmed(Turn turn, String text) {
        JsonText answer = turn.answer("confirm", CONFIRM);
        if (turn.state() == null || answer == null) {
            return Outcome.ask("confirm", CONFIRM, JsonText.of("{\"waiting\":\"confirm\"}"));
        }
        return Outcome.text(text);
    }

    private static Outcome several(Turn turn) {
        Question sampling = Question.sampling("Generate a greeting", 50);
        JsonText name = turn.answer("user_name", NAME);
        JsonText greeting = turn.answer("greeting", sampling);
        JsonText roots = turn.answer("client_roots", Question.roots());
        if (turn.state() == null || name == null || greeting == null || roots == null) {
            Map<String, Question> questions = new LinkedHashMap<>();
            questions.put("user_name", NAME);
            questions.put("greeting", sampling);
            questions.put("client_roots", Question.roots());
            return new Outcome.Ask(questions, JsonText.of("{\"waiting\":\"all\"}"), false);
        }
        return Outcome.text("Name: "
                .concat(filled(name, "name"))
                .concat("; Greeting: ")
                .concat(spoken(greeting))
                .concat("; Roots: ")
                .concat(count(roots)));
    }

    private static Outcome rounds(Turn turn) {
        Question second = Question.form("Step 2: What is your favorite color?", "color", "string");
        String name = Json.string(turn.state(), "name");
        if (name != null) {
            JsonText color = turn.answer("step2", second);
            return color == null
                    ? Outcome.ask("step2", second, turn.state())
                    : Outcome.text("Multi-round complete for "
                            .concat(name)
                            .concat(" who likes ")
                            .concat(filled(color, "color")));
        }
        Question first = Question.form("Step 1: What is your name?", "name", "string");
        JsonText answer = turn.answer("step1", first);
        if (turn.state() == null || answer == null) {
            return Outcome.ask("step1", first, JsonText.EMPTY_OBJECT);
        }
        return Outcome.ask("step2", second, Json.fill("{\"name\":%}", filled(answer, "name")));
    }

    /** Asks whatever this client can be asked. */
    private static Outcome declared(Turn turn) {
        if (!turn.answers().isEmpty()) {
            return Outcome.text(
                    "capabilities-ok: received ".concat(turn.answers().keySet().toString()));
        }
        Map<String, Question> questions = new LinkedHashMap<>();
        if (turn.has("elicitation")) {
            questions.put("elicit_input", Question.form("Elicitation input", "value", "string"));
        }
        if (turn.has("sampling")) {
            questions.put("sample_input", Question.sampling("Sample request", 50));
        }
        if (questions.isEmpty()) {
            return Outcome.text("No supported capabilities declared");
        }
        return new Outcome.Ask(questions, JsonText.EMPTY_OBJECT, false);
    }
}
