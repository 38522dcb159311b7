package io.agenthub.gateway.internal.mcp.stateless;

import io.agenthub.api.Promise;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The open questions of one call, by the keys they are asked under. Guarded by the call that owns it. */
final class Questions {
    private static final int MOST = 64;

    private final Map<String, Question> open = new LinkedHashMap<>();
    private int asked;

    /** A question of the server: its answer is what the server waits for. */
    static final class Question extends Promise<RpcOutcome> {
        private final String key;
        private final JsonText json;

        Question(String key, JsonText json) {
            super(Runnable::run);
            this.key = key;
            this.json = json;
        }
    }

    /** A question as it stands in a result: without an id. */
    static JsonText bare(String method, @Nullable JsonText params) {
        Map<String, JsonText> members = new LinkedHashMap<>();
        members.put("method", JsonText.quote(method));
        members.put("params", params == null ? JsonText.EMPTY_OBJECT : params);
        return JsonText.object(members);
    }

    boolean isFull() {
        return open.size() >= MOST;
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    Question add(RpcRequest question) {
        String key = "ask-" + ++asked;
        Question added = new Question(key, bare(question.method(), question.params()));
        open.put(key, added);
        return added;
    }

    void remove(Question question) {
        open.remove(question.key, question);
    }

    /** Takes out those that are answered. */
    List<Question> takeAnswered(Map<String, JsonText> answers) {
        List<Question> answered = new ArrayList<>();
        answers.keySet().forEach(key -> {
            Question question = open.remove(key);
            if (question != null) {
                answered.add(question);
            }
        });
        return answered;
    }

    /** Whether an answer to one of them is no object, which no result is. */
    boolean isMalformed(Map<String, JsonText> answers) {
        return answers.entrySet().stream()
                .anyMatch(answer ->
                        open.containsKey(answer.getKey()) && !answer.getValue().isObject());
    }

    /** What to ask the client now. */
    Map<String, JsonText> json() {
        Map<String, JsonText> json = new LinkedHashMap<>();
        open.values().forEach(question -> json.put(question.key, question.json));
        return json;
    }

    List<Question> takeAll() {
        List<Question> all = List.copyOf(open.values());
        open.clear();
        return all;
    }

    static String key(Question question) {
        return question.key;
    }
}
