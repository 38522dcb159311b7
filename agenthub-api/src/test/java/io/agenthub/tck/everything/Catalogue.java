package io.agenthub.tck.everything;

import io.agenthub.api.rpc.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the server lists, the same in every era. */
final class Catalogue {
    static final JsonText SERVER_INFO = JsonText.of(
            "{\"name\":\"agenthub-everything\",\"title\":\"AgentHub Everything Server\",\"version\":\"1.0.0\"}");

    static final JsonText CAPABILITIES = JsonText.of("""
            {"tools":{"listChanged":true},"prompts":{"listChanged":true},\
            "resources":{"subscribe":true,"listChanged":true},"logging":{},"completions":{}}""");

    static final String INSTRUCTIONS = "Every tool is a test; its description says of what.";

    /** In an order in which the first one needs no arguments; those without a schema take none. */
    private static final JsonText TOOLS = withSchemas("""
            [{"name":"test_simple_text","description":"Answers one text"},
             {"name":"test_image_content","description":"Answers an image"},
             {"name":"test_audio_content","description":"Answers a sound"},
             {"name":"test_embedded_resource","description":"Answers an embedded resource"},
             {"name":"test_multiple_content_types","description":"Answers text, image and resource"},
             {"name":"test_tool_with_logging","description":"Logs three times while it runs"},
             {"name":"test_tool_with_progress","description":"Reports progress three times"},
             {"name":"test_error_handling","description":"Answers an error"},
             {"name":"test_reconnection","description":"Takes a moment"},
             {"name":"test_sampling","description":"Asks the client's model","inputSchema":{"type":"object",
               "properties":{"prompt":{"type":"string","description":"What to ask"}},"required":["prompt"]}},
             {"name":"test_elicitation","description":"Asks the user","inputSchema":{"type":"object",
               "properties":{"message":{"type":"string","description":"What to ask"}},"required":["message"]}},
             {"name":"test_elicitation_sep1034_defaults","description":"Asks the user by a form with defaults"},
             {"name":"test_elicitation_sep1330_enums","description":"Asks the user by a form with every kind of choice"},
             {"name":"json_schema_2020_12_tool","description":"Has a schema with many keywords of JSON Schema 2020-12","inputSchema":{
               "$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",
               "$defs":{"address":{"$anchor":"addressDef","type":"object","properties":{"street":{"type":"string"},"city":{"type":"string"}}}},
               "properties":{"name":{"type":"string"},"address":{"$ref":"#/$defs/address"},
                 "contactMethod":{"type":"string","enum":["phone","email"]},"phone":{"type":"string"},"email":{"type":"string"}},
               "allOf":[{"anyOf":[{"required":["phone"]},{"required":["email"]}]}],
               "if":{"properties":{"contactMethod":{"const":"phone"}},"required":["contactMethod"]},
               "then":{"required":["phone"]},"else":{"required":["email"]},"additionalProperties":false}},
             {"name":"test_x_mcp_header","description":"Has parameters that are mirrored into headers","inputSchema":{"type":"object",
               "properties":{"region":{"type":"string","x-mcp-header":"Region"},"priority":{"type":"integer","x-mcp-header":"Priority"},
                 "dryRun":{"type":"boolean","x-mcp-header":"Dry-Run"},"query":{"type":"string"}}}},
             {"name":"test_missing_capability","description":"Needs a client with sampling"},
             {"name":"test_streaming_elicitation","description":"Reports progress once"},
             {"name":"test_logging_tool","description":"Logs once"},
             {"name":"test_trigger_tool_change","description":"Announces a change of the tools"},
             {"name":"test_trigger_prompt_change","description":"Announces a change of the prompts"},
             {"name":"test_trigger_resource_change","description":"Announces a change of the resources"},
             {"name":"test_trigger_resource_update","description":"Announces new contents of the watched resource"},
             {"name":"test_input_required_result_elicitation","description":"Asks the user for a name"},
             {"name":"test_input_required_result_sampling","description":"Asks the client's model for a capital"},
             {"name":"test_input_required_result_list_roots","description":"Asks for the client's roots"},
             {"name":"test_input_required_result_request_state","description":"Asks once and remembers that it did"},
             {"name":"test_input_required_result_multiple_inputs","description":"Asks three questions at once"},
             {"name":"test_input_required_result_multi_round","description":"Asks twice, one after the other"},
             {"name":"test_input_required_result_tampered_state","description":"Asks once and signs what it remembers"},
             {"name":"test_input_required_result_capabilities","description":"Asks what this client can be asked"},
             {"name":"test_url_elicitation","description":"Sends the user to a page"},
             {"name":"test_url_elicitation_required","description":"Fails until the user has been to a page"},
             {"name":"test_cancellation","description":"Reports progress once and waits to be cancelled"}]""");

    private static final JsonText PROMPTS = JsonText.of("""
            [{"name":"test_simple_prompt","description":"A prompt without arguments"},
             {"name":"test_prompt_with_arguments","description":"A prompt with two arguments","arguments":[
               {"name":"arg1","description":"First test argument","required":true},
               {"name":"arg2","description":"Second test argument","required":true}]},
             {"name":"test_prompt_with_embedded_resource","description":"A prompt with an embedded resource","arguments":[
               {"name":"resourceUri","description":"URI of the resource to embed","required":true}]},
             {"name":"test_prompt_with_image","description":"A prompt with an image"},
             {"name":"test_input_required_result_prompt","description":"A prompt that asks the user for its context"}]""");

    private static final JsonText RESOURCES = JsonText.of("""
            [{"uri":"test://static-text","name":"static-text","title":"Static Text","description":"A text","mimeType":"text/plain"},
             {"uri":"test://static-binary","name":"static-binary","title":"Static Binary","description":"An image","mimeType":"image/png"},
             {"uri":"test://watched-resource","name":"watched-resource","title":"Watched","description":"A text that can be subscribed to","mimeType":"text/plain"}]""");

    private static final JsonText TEMPLATES = JsonText.of("""
            [{"uriTemplate":"test://template/{id}/data","name":"template","title":"Template","description":"Any id","mimeType":"application/json"}]""");

    private Catalogue() {}

    private static JsonText withSchemas(String tools) {
        JsonText nothing = JsonText.of("{\"type\":\"object\",\"properties\":{}}");
        List<JsonText> complete = new ArrayList<>();
        for (JsonText tool : JsonText.of(tools).elements()) {
            boolean described = tool.member("inputSchema").isPresent();
            complete.add(described ? tool : tool.with("inputSchema", nothing));
        }
        return JsonText.array(complete);
    }

    /** Answers a method that lists something, or null if it is none. */
    static @Nullable JsonText list(String method, JsonText params, int page) {
        return switch (method) {
            case "tools/list" -> page("tools", TOOLS, params, page);
            case "prompts/list" -> page("prompts", PROMPTS, params, page);
            case "resources/list" -> page("resources", RESOURCES, params, page);
            case "resources/templates/list" -> page("resourceTemplates", TEMPLATES, params, page);
            default -> null;
        };
    }

    private static JsonText page(String member, JsonText all, JsonText params, int page) {
        List<JsonText> entries = all.elements();
        int from = offset(params, entries.size());
        int to = Math.min(entries.size(), page > entries.size() ? entries.size() : from + page);
        Map<String, JsonText> result = new LinkedHashMap<>();
        result.put(member, JsonText.array(new ArrayList<>(entries.subList(from, to))));
        if (to < entries.size()) {
            result.put("nextCursor", JsonText.quote("from-".concat(Integer.toString(to))));
        }
        return JsonText.object(result);
    }

    private static int offset(JsonText params, int size) {
        if (params.member("cursor").isEmpty()) {
            return 0;
        }
        String cursor = Json.string(params, "cursor", "");
        for (int i = 1; i < size; i++) {
            if (cursor.equals("from-".concat(Integer.toString(i)))) {
                return i;
            }
        }
        throw new Refusal(Refusal.INVALID_PARAMS, "Invalid cursor");
    }
}
