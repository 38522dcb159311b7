package io.agenthub.ollama;

import io.agenthub.api.enhance.ModelInfo;
import io.agenthub.api.rpc.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The OpenAI style: one chunk in each server-sent event. */
final class OpenAiDialect implements Dialect {
    private static final String CHAT = "/v1/chat/completions";

    @Override
    public String chatPath() {
        return CHAT;
    }

    @Override
    public String generatePath() {
        return CHAT;
    }

    @Override
    public JsonText generateBody(ModelRequest request, boolean stream) {
        return chatBody(request, stream);
    }

    @Override
    public JsonText chatBody(ModelRequest request, boolean stream) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("model", request.model());
        body.put("messages", NativeDialect.messages(request.messages()));
        body.put("stream", stream);
        if (stream) {
            body.put("stream_options", Map.of("include_usage", true));
        }
        request.options().forEach((name, value) -> body.put(name.equals("num_predict") ? "max_tokens" : name, value));
        request.format().ifPresent(format -> body.put("response_format", responseFormat(format)));
        return JsonText.ofValue(body);
    }

    private static Object responseFormat(JsonText format) {
        return format.isString()
                ? Map.of("type", "json_object")
                : Map.of("type", "json_schema", "json_schema", Map.of("name", "answer", "schema", format));
    }

    @Override
    public Answer answer(JsonText body) {
        Collected collected = new Collected("message", Integer.MAX_VALUE);
        collected.take(body);
        Answer answer = collected.finish();
        if (answer == null) {
            throw OllamaException.garbage("it has no choice that is finished", null);
        }
        return answer;
    }

    @Override
    public LineFold<Piece, Answer> stream(int maxAnswerBytes) {
        return new Collected("delta", maxAnswerBytes);
    }

    @Override
    public String modelsPath() {
        return "/v1/models";
    }

    @Override
    public List<ModelInfo> models(JsonText body) {
        return Json.models(body, "data", "id");
    }

    @Override
    public String embedPath() {
        return "/v1/embeddings";
    }

    @Override
    public List<float[]> embeddings(JsonText body) {
        List<JsonText> entries = new ArrayList<>(Json.list(body, "data"));
        entries.sort(
                Comparator.comparingLong(entry -> Json.number(entry, "index").orElse(0)));
        List<float[]> vectors = new ArrayList<>();
        entries.forEach(entry -> vectors.add(entry.member("embedding")
                .map(Json::vector)
                .orElseThrow(() -> OllamaException.garbage("an embedding is missing", null))));
        return vectors;
    }

    /** An answer from one object, or from the data lines of an event stream, which holds one object in each. */
    private static final class Collected implements LineFold<Piece, Answer> {
        private final String part;
        private final Transcript transcript;
        private String model = "";
        private Optional<String> doneReason = Optional.empty();
        private JsonText usage = JsonText.EMPTY_OBJECT;
        private @Nullable Answer complete;

        Collected(String part, int maxAnswerBytes) {
            this.part = part;
            this.transcript = new Transcript(maxAnswerBytes);
        }

        @Override
        public @Nullable Piece line(byte[] line) {
            String data = data(line);
            if (data.isEmpty()) {
                return null;
            }
            if (data.equals("[DONE]")) {
                complete = finish();
                return null;
            }
            return take(Json.object(data.getBytes(StandardCharsets.UTF_8)));
        }

        /** What a line of an event stream carries: nothing for comments, names and blank lines. A bare object is an error. */
        private static String data(byte[] line) {
            String string = strict(line);
            if (string.startsWith("{")) {
                return string;
            }
            return string.startsWith("data:")
                    ? string.substring("data:".length()).strip()
                    : "";
        }

        private static String strict(byte[] line) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(java.nio.ByteBuffer.wrap(line))
                        .toString();
            } catch (java.nio.charset.CharacterCodingException e) {
                throw OllamaException.garbage("it is not UTF-8", e);
            }
        }

        @Nullable
        Piece take(JsonText chunk) {
            Json.error(chunk).ifPresent(error -> {
                throw Failures.midStream(error);
            });
            model = Json.string(chunk, "model").orElse(model);
            usage = chunk.member("usage").filter(JsonText::isObject).orElse(usage);
            List<JsonText> choices = Json.list(chunk, "choices");
            if (choices.isEmpty()) {
                if (chunk.member("choices").isEmpty()) {
                    throw OllamaException.garbage("it has no choices", null);
                }
                return null;
            }
            JsonText choice = choices.get(0);
            doneReason = Json.string(choice, "finish_reason").or(() -> doneReason);
            JsonText said = Json.section(choice, part);
            String words = Json.string(said, "content").orElse("");
            String reasoning = Json.string(said, "reasoning")
                    .or(() -> Json.string(said, "reasoning_content"))
                    .orElse("");
            transcript.add(words, reasoning);
            return words.isEmpty() && reasoning.isEmpty() ? null : new Piece(words, reasoning);
        }

        @Nullable
        Answer finish() {
            return doneReason.isEmpty()
                    ? null
                    : new Answer(
                            transcript.text(),
                            transcript.thinking(),
                            model,
                            doneReason,
                            Json.number(usage, "prompt_tokens"),
                            Json.number(usage, "completion_tokens"));
        }

        @Override
        public @Nullable Answer complete() {
            return complete;
        }
    }
}
