package io.agenthub.tck.everything;

import io.agenthub.api.rpc.JsonText;
import java.util.List;
import java.util.Map;

/** The tools that ask the client nothing, by name; the others are {@link AskingTools}. */
final class Tools {
    static final String PIXEL =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    private static final String SILENCE = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=";
    private static final int STEP_MILLIS = 50;
    private static final int PATIENCE_MILLIS = 60_000;

    private Tools() {}

    static Outcome take(String name, Turn turn) {
        return switch (name) {
            case "test_simple_text" -> Outcome.text("This is a simple text response for testing.");
            case "test_image_content" -> content(image());
            case "test_audio_content" ->
                content(Json.fill("{\"type\":\"audio\",\"data\":%,\"mimeType\":\"audio/wav\"}", SILENCE));
            case "test_embedded_resource" ->
                content(resource("test://embedded-resource", "text/plain", "This is an embedded resource content."));
            case "test_multiple_content_types" ->
                content(
                        JsonText.of("{\"type\":\"text\",\"text\":\"Multiple content types test:\"}"),
                        image(),
                        resource("test://mixed-content-resource", "application/json", "{\"test\":\"data\"}"));
            case "test_error_handling" -> Outcome.failure("This tool intentionally returns an error for testing");
            case "test_streaming_elicitation" -> streaming(turn);
            case "json_schema_2020_12_tool", "test_x_mcp_header" ->
                Outcome.text("Called with ".concat(turn.arguments().toString()));
            case "test_tool_with_logging" -> logging(turn);
            case "test_logging_tool" -> {
                turn.log("info", "Diagnostic log message");
                yield Outcome.text("Logging evaluated");
            }
            case "test_tool_with_progress" -> progress(turn);
            case "test_reconnection" -> {
                turn.pause(STEP_MILLIS);
                yield Outcome.text("Reconnection test completed");
            }
            case "test_cancellation" -> {
                turn.progress(0, 1);
                turn.pause(PATIENCE_MILLIS);
                yield Outcome.text("Nobody cancelled");
            }
            case "test_trigger_tool_change" -> changed(turn, "tools");
            case "test_trigger_prompt_change" -> changed(turn, "prompts");
            case "test_trigger_resource_change" -> changed(turn, "resources");
            case "test_trigger_resource_update" -> {
                turn.client().updated(Resources.WATCHED);
                yield Outcome.text("Update announced");
            }
            default -> AskingTools.take(name, turn);
        };
    }

    static JsonText image() {
        return Json.fill("{\"type\":\"image\",\"data\":%,\"mimeType\":\"image/png\"}", PIXEL);
    }

    static JsonText resource(String uri, String type, String text) {
        return Json.fill("{\"type\":\"resource\",\"resource\":{\"uri\":%,\"mimeType\":%,\"text\":%}}", uri, type, text);
    }

    private static Outcome content(JsonText... blocks) {
        return new Outcome.Done(JsonText.object(Map.of("content", JsonText.array(List.of(blocks)))));
    }

    private static Outcome streaming(Turn turn) {
        turn.progress(1, 2);
        return Outcome.text("Streaming complete");
    }

    private static Outcome logging(Turn turn) {
        turn.log("info", "Tool execution started");
        turn.pause(STEP_MILLIS);
        turn.log("info", "Tool processing data");
        turn.pause(STEP_MILLIS);
        turn.log("info", "Tool execution completed");
        return Outcome.text("Tool with logging executed successfully");
    }

    private static Outcome progress(Turn turn) {
        turn.progress(0, 100);
        turn.pause(STEP_MILLIS);
        turn.progress(50, 100);
        turn.pause(STEP_MILLIS);
        turn.progress(100, 100);
        return Outcome.text("Tool with progress executed successfully");
    }

    private static Outcome changed(Turn turn, String list) {
        turn.client().changed(list);
        return Outcome.text("Change announced");
    }
}
