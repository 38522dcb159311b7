package io.agenthub.ollama.fake;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What Ollama answers, by its API description. */
final class FakeApi {
    private static final String CREATED = "2025-10-17T23:14:07.414671Z";
    private static final String NDJSON = "application/x-ndjson";
    private static final int DIMENSIONS = 64;

    final Map<String, FakeModel> models = new ConcurrentHashMap<>();
    volatile String version = "0.17.1";

    FakeAnswer answer(FakeRequest request) {
        String route = request.method() + " " + request.path();
        return switch (route) {
            case "GET /", "HEAD /" -> FakeAnswer.text(200, "text/plain; charset=utf-8", "Ollama is running");
            case "GET /api/version" -> FakeAnswer.json(200, Map.of("version", version));
            case "GET /api/tags" -> FakeAnswer.json(200, Map.of("models", tags()));
            case "GET /v1/models" -> FakeAnswer.json(200, Map.of("object", "list", "data", openAiModels()));
            case "POST /api/generate", "POST /api/chat", "POST /api/show", "POST /api/embed", "POST /api/pull" ->
                posted(request, FakeAnswer::error);
            case "POST /v1/chat/completions", "POST /v1/embeddings" -> posted(request, FakeApi::openAiError);
            default -> FakeAnswer.text(404, "text/plain", "404 page not found");
        };
    }

    @FunctionalInterface
    private interface Refusal {
        FakeAnswer of(int status, String message);
    }

    private FakeAnswer posted(FakeRequest request, Refusal refusal) {
        if (request.body().isEmpty()) {
            return refusal.of(400, "missing request body");
        }
        JsonText body;
        try {
            body = request.json();
        } catch (MalformedMessageException e) {
            return refusal.of(400, "invalid character in request body");
        }
        if (request.path().equals("/api/pull")) {
            return pull(body);
        }
        String name = model(body);
        FakeModel model = models.get(full(name));
        if (model == null) {
            return refusal.of(404, "model '" + name + "' not found");
        }
        return switch (request.path()) {
            case "/api/generate" -> generate(name, model, body);
            case "/api/chat" -> chat(name, model, body);
            case "/api/show" -> show();
            case "/api/embed" -> embed(name, body);
            case "/v1/embeddings" -> openAiEmbed(name, body);
            default -> openAiChat(name, model, body);
        };
    }

    /** Older clients call the model {@code name}. */
    private static String model(JsonText body) {
        String model = string(body, "model");
        return model.isEmpty() ? string(body, "name") : model;
    }

    /** A name without a tag means the tag {@code latest}. */
    static String full(String name) {
        return name.contains(":") ? name : name + ":latest";
    }

    private static String string(JsonText object, String name) {
        return object.member(name).flatMap(JsonText::string).orElse("");
    }

    private static boolean flag(JsonText object, String name, boolean absent) {
        return object.member(name).map(value -> value.toString().equals("true")).orElse(absent);
    }

    private FakeAnswer generate(String name, FakeModel model, JsonText body) {
        String prompt = string(body, "prompt");
        if (prompt.isEmpty()) {
            return FakeAnswer.json(200, event(name, Map.of("response", ""), "load"));
        }
        return spoken(
                name,
                model,
                prompt,
                body,
                piece -> Map.of("response", piece),
                piece -> Map.of("response", "", "thinking", piece));
    }

    private FakeAnswer chat(String name, FakeModel model, JsonText body) {
        return spoken(
                name,
                model,
                lastUserMessage(body),
                body,
                piece -> Map.of("message", Map.of("role", "assistant", "content", piece)),
                piece -> Map.of("message", Map.of("role", "assistant", "content", "", "thinking", piece)));
    }

    private static String lastUserMessage(JsonText body) {
        String last = "";
        for (JsonText message : body.member("messages").map(JsonText::elements).orElse(List.of())) {
            if (string(message, "role").equals("user")) {
                last = string(message, "content");
            }
        }
        return last;
    }

    private static FakeAnswer spoken(
            String name,
            FakeModel model,
            String prompt,
            JsonText body,
            Function<String, Map<String, Object>> saying,
            Function<String, Map<String, Object>> thinking) {
        List<String> thoughts = flag(body, "think", true) ? model.thinking() : List.of();
        List<String> pieces = model.answer().apply(prompt);
        if (!flag(body, "stream", true)) {
            Map<String, Object> whole = new LinkedHashMap<>(saying.apply(String.join("", pieces)));
            if (!thoughts.isEmpty()) {
                whole = merge(whole, thinking.apply(String.join("", thoughts)), String.join("", pieces));
            }
            return FakeAnswer.json(200, event(name, whole, model.doneReason()));
        }
        List<String> lines = new ArrayList<>();
        thoughts.forEach(piece -> lines.add(line(event(name, thinking.apply(piece), null))));
        pieces.forEach(piece -> lines.add(line(event(name, saying.apply(piece), null))));
        lines.add(line(event(name, saying.apply(""), model.doneReason())));
        return FakeAnswer.stream(NDJSON, lines);
    }

    private static Map<String, Object> merge(Map<String, Object> said, Map<String, Object> thought, String text) {
        Map<String, Object> merged = new LinkedHashMap<>(said);
        merged.putAll(thought);
        if (thought.get("message") instanceof Map<?, ?> message) {
            Map<String, Object> both = new LinkedHashMap<>();
            message.forEach((key, value) -> both.put(String.valueOf(key), value));
            both.put("content", text);
            merged.put("message", both);
        } else {
            merged.put("response", text);
        }
        return merged;
    }

    private static Map<String, Object> event(String name, Map<String, Object> content, @Nullable String doneReason) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("model", name);
        event.put("created_at", CREATED);
        event.putAll(content);
        event.put("done", doneReason != null);
        if (doneReason != null) {
            event.put("done_reason", doneReason);
            event.put("total_duration", 174_560_334);
            event.put("load_duration", 101_397_084);
            event.put("prompt_eval_count", 11);
            event.put("prompt_eval_duration", 13_074_791);
            event.put("eval_count", 18);
            event.put("eval_duration", 52_479_709);
        }
        return event;
    }

    private static String line(Map<String, Object> event) {
        return JsonText.ofValue(event) + "\n";
    }

    private static FakeAnswer show() {
        return FakeAnswer.json(
                200,
                Map.of(
                        "license",
                        "a license",
                        "template",
                        "{{ .Prompt }}",
                        "modified_at",
                        CREATED,
                        "capabilities",
                        List.of("completion", "thinking"),
                        "details",
                        details(),
                        "model_info",
                        Map.of("general.architecture", "llama", "llama.context_length", 8_192)));
    }

    private static Map<String, Object> details() {
        return Map.of(
                "parent_model", "",
                "format", "gguf",
                "family", "llama",
                "families", List.of("llama"),
                "parameter_size", "3.2B",
                "quantization_level", "Q4_K_M");
    }

    private List<Object> tags() {
        return models.keySet().stream()
                .sorted()
                .map(name -> Map.of(
                        "name",
                        name,
                        "model",
                        name,
                        "modified_at",
                        CREATED,
                        "size",
                        2_019_393_189,
                        "digest",
                        "a80c4f17acd55265feec403c7aef86be0c25983ab279d83f3bcd3abbcb5b8b72",
                        "details",
                        details()))
                .collect(Collectors.toList());
    }

    private FakeAnswer pull(JsonText body) {
        String name = model(body);
        if (name.startsWith("missing")) {
            return FakeAnswer.stream(
                    NDJSON,
                    List.of(
                            "{\"status\":\"pulling manifest\"}\n",
                            "{\"error\":\"pull model manifest: file does not exist\"}\n"));
        }
        models.put(full(name), FakeModel.improving());
        if (!flag(body, "stream", true)) {
            return FakeAnswer.json(200, Map.of("status", "success"));
        }
        return FakeAnswer.stream(
                NDJSON,
                List.of(
                        "{\"status\":\"pulling manifest\"}\n",
                        "{\"status\":\"pulling 6a0746a1ec1a\",\"digest\":\"sha256:6a0746a1ec1a\",\"total\":2142590208}\n",
                        "{\"status\":\"pulling 6a0746a1ec1a\",\"digest\":\"sha256:6a0746a1ec1a\",\"total\":2142590208,"
                                + "\"completed\":241970}\n",
                        "{\"status\":\"verifying sha256 digest\"}\n",
                        "{\"status\":\"writing manifest\"}\n",
                        "{\"status\":\"success\"}\n"));
    }

    private static List<String> inputs(JsonText body) {
        JsonText input = body.member("input").orElse(JsonText.NULL);
        return input.isArray()
                ? input.elements().stream()
                        .map(text -> text.string().orElse(""))
                        .toList()
                : List.of(input.string().orElse(""));
    }

    private static FakeAnswer embed(String name, JsonText body) {
        return FakeAnswer.json(
                200,
                Map.of(
                        "model", name,
                        "embeddings", inputs(body).stream().map(FakeApi::vector).toList(),
                        "total_duration", 14_143_917,
                        "load_duration", 1_019_500,
                        "prompt_eval_count", 8));
    }

    private static FakeAnswer openAiEmbed(String name, JsonText body) {
        List<Object> data = new ArrayList<>();
        List<String> inputs = inputs(body);
        for (int i = 0; i < inputs.size(); i++) {
            data.add(Map.of("object", "embedding", "index", i, "embedding", vector(inputs.get(i))));
        }
        return FakeAnswer.json(200, Map.of("object", "list", "model", name, "data", data));
    }

    /** Counts words: texts with the same words, in whatever order, have the same direction. */
    private static List<Double> vector(String text) {
        double[] counts = new double[DIMENSIONS];
        for (String word : text.toLowerCase(java.util.Locale.ROOT).split("\\W+", -1)) {
            counts[Math.floorMod(word.hashCode(), DIMENSIONS)] += 1;
        }
        double length =
                Math.sqrt(java.util.Arrays.stream(counts).map(x -> x * x).sum());
        return java.util.Arrays.stream(counts).mapToObj(x -> x / length).toList();
    }

    private List<Object> openAiModels() {
        return models.keySet().stream()
                .sorted()
                .map(name -> Map.of("id", name, "object", "model", "created", 1_760_742_847, "owned_by", "library"))
                .collect(Collectors.toList());
    }

    static FakeAnswer openAiError(int status, String message) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("message", message);
        error.put("type", status == 404 ? "not_found_error" : "invalid_request_error");
        error.put("param", null);
        error.put("code", null);
        return FakeAnswer.json(status, Map.of("error", error));
    }

    private static FakeAnswer openAiChat(String name, FakeModel model, JsonText body) {
        List<String> pieces = model.answer().apply(lastUserMessage(body));
        if (!flag(body, "stream", false)) {
            Map<String, Object> message = new LinkedHashMap<>();
            message.put("role", "assistant");
            message.put("content", String.join("", pieces));
            if (!model.thinking().isEmpty()) {
                message.put("reasoning", String.join("", model.thinking()));
            }
            return FakeAnswer.json(
                    200, chunk(name, "chat.completion", choice("message", message, model.doneReason()), true));
        }
        List<String> events = new ArrayList<>();
        events.add(event(chunk(name, CHUNK, choice("delta", Map.of("role", "assistant", "content", ""), null), false)));
        model.thinking()
                .forEach(piece -> events.add(
                        event(chunk(name, CHUNK, choice("delta", Map.of("reasoning", piece), null), false))));
        pieces.forEach(piece ->
                events.add(event(chunk(name, CHUNK, choice("delta", Map.of("content", piece), null), false))));
        events.add(event(chunk(name, CHUNK, choice("delta", Map.of(), model.doneReason()), false)));
        Optional<JsonText> usage = body.member("stream_options").flatMap(o -> o.member("include_usage"));
        if (usage.isPresent() && usage.get().toString().equals("true")) {
            events.add(event(chunk(name, CHUNK, null, true)));
        }
        events.add("data: [DONE]\n\n");
        return FakeAnswer.stream("text/event-stream", events);
    }

    private static final String CHUNK = "chat.completion.chunk";

    private static String event(Map<String, Object> chunk) {
        return "data: " + JsonText.ofValue(chunk) + "\n\n";
    }

    private static Map<String, Object> choice(String part, Map<String, ?> content, @Nullable String finishReason) {
        Map<String, Object> choice = new LinkedHashMap<>();
        choice.put("index", 0);
        choice.put(part, content);
        choice.put("finish_reason", finishReason);
        return choice;
    }

    private static Map<String, Object> chunk(
            String name, String object, @Nullable Map<String, Object> choice, boolean usage) {
        Map<String, Object> chunk = new LinkedHashMap<>();
        chunk.put("id", "chatcmpl-1");
        chunk.put("object", object);
        chunk.put("created", 1_760_742_847);
        chunk.put("model", name);
        chunk.put("system_fingerprint", "fp_ollama");
        chunk.put("choices", choice == null ? List.of() : List.of(choice));
        if (usage) {
            chunk.put("usage", Map.of("prompt_tokens", 11, "completion_tokens", 18, "total_tokens", 29));
        }
        return chunk;
    }
}
