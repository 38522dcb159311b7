package io.agenthub.ollama;

import io.agenthub.api.enhance.ModelInfo;
import io.agenthub.api.rpc.JsonText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Ollama's own API: lines of JSON. */
final class NativeDialect implements Dialect {

    @Override
    public String chatPath() {
        return "/api/chat";
    }

    @Override
    public String generatePath() {
        return "/api/generate";
    }

    @Override
    public JsonText chatBody(ModelRequest request, boolean stream) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("model", request.model());
        body.put("messages", messages(request.messages()));
        common(request, stream, body);
        return JsonText.ofValue(body);
    }

    static List<Map<String, String>> messages(List<Message> messages) {
        return messages.stream()
                .map(message -> Map.of("role", message.role(), "content", message.content()))
                .collect(Collectors.toList());
    }

    @Override
    public JsonText generateBody(ModelRequest request, boolean stream) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("model", request.model());
        body.put("prompt", joined(request, false));
        String system = joined(request, true);
        if (!system.isEmpty()) {
            body.put("system", system);
        }
        common(request, stream, body);
        return JsonText.ofValue(body);
    }

    private static String joined(ModelRequest request, boolean system) {
        return request.messages().stream()
                .filter(message -> message.role().equals("system") == system)
                .map(Message::content)
                .collect(Collectors.joining("\n\n"));
    }

    private static void common(ModelRequest request, boolean stream, Map<String, Object> body) {
        body.put("stream", stream);
        request.think().ifPresent(think -> body.put("think", think));
        request.format().ifPresent(format -> body.put("format", format));
        request.keepAlive().ifPresent(time -> body.put("keep_alive", keepAlive(time)));
        if (!request.options().isEmpty()) {
            body.put("options", request.options());
        }
    }

    /** A number of seconds means the same as a string with a unit; a negative one means for ever. */
    static Object keepAlive(Duration time) {
        return time.isNegative() || time.compareTo(ModelRequest.LONGEST) > 0 ? -1 : time.toMillis() + "ms";
    }

    @Override
    public Answer answer(JsonText body) {
        Collected collected = new Collected(Integer.MAX_VALUE);
        collected.take(body);
        Answer answer = collected.complete();
        if (answer == null) {
            throw OllamaException.garbage("a single answer is not done", null);
        }
        return answer;
    }

    @Override
    public LineFold<Piece, Answer> stream(int maxAnswerBytes) {
        return new Collected(maxAnswerBytes);
    }

    @Override
    public String modelsPath() {
        return "/api/tags";
    }

    @Override
    public List<ModelInfo> models(JsonText body) {
        return Json.models(body, "models", "name");
    }

    @Override
    public String embedPath() {
        return "/api/embed";
    }

    @Override
    public List<float[]> embeddings(JsonText body) {
        List<float[]> vectors = new ArrayList<>();
        Json.list(body, "embeddings").forEach(array -> vectors.add(Json.vector(array)));
        return vectors;
    }

    /** An answer of {@code /api/chat} or {@code /api/generate}, from one line or many. */
    private static final class Collected implements LineFold<Piece, Answer> {
        private final Transcript said;
        private @Nullable Answer complete;

        Collected(int maxAnswerBytes) {
            said = new Transcript(maxAnswerBytes);
        }

        @Override
        public @Nullable Piece line(byte[] line) {
            return line.length == 0 ? null : take(Json.object(line));
        }

        @Nullable
        Piece take(JsonText event) {
            Json.error(event).ifPresent(error -> {
                throw Failures.midStream(error);
            });
            if (event.member("done").isEmpty()) {
                throw OllamaException.garbage("it does not say whether it is done", null);
            }
            JsonText message = Json.section(event, "message");
            String words = Json.string(message, "content")
                    .or(() -> Json.string(event, "response"))
                    .orElse("");
            String reasoning = Json.string(message, "thinking")
                    .or(() -> Json.string(event, "thinking"))
                    .orElse("");
            said.add(words, reasoning);
            if (Json.flag(event, "done")) {
                complete = new Answer(
                        said.text(),
                        said.thinking(),
                        Json.string(event, "model").orElse(""),
                        Json.string(event, "done_reason"),
                        Json.number(event, "prompt_eval_count"),
                        Json.number(event, "eval_count"));
            }
            return words.isEmpty() && reasoning.isEmpty() ? null : new Piece(words, reasoning);
        }

        @Override
        public @Nullable Answer complete() {
            return complete;
        }
    }
}
