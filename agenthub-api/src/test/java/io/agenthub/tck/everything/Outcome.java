package io.agenthub.tck.everything;

import io.agenthub.api.rpc.JsonText;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one turn of a tool or prompt comes to. */
sealed interface Outcome {
    /**
     * It is done.
     *
     * @param result its result, without what the era adds
     */
    record Done(JsonText result) implements Outcome {}

    /**
     * It needs answers, all of them, for its next turn.
     *
     * @param questions by key
     * @param state what to remember until then, or null
     * @param blindly to ask a session's client even for what it did not declare
     */
    record Ask(Map<String, Question> questions, @Nullable JsonText state, boolean blindly) implements Outcome {}

    static Outcome text(String text) {
        return new Done(Json.fill("{\"content\":[{\"type\":\"text\",\"text\":%}]}", text));
    }

    static Outcome failure(String text) {
        return new Done(failed(text));
    }

    static JsonText failed(String text) {
        return Json.fill("{\"content\":[{\"type\":\"text\",\"text\":%}],\"isError\":true}", text);
    }

    static Outcome ask(String key, Question question) {
        return ask(key, question, null);
    }

    static Outcome ask(String key, Question question, @Nullable JsonText state) {
        Map<String, Question> questions = new LinkedHashMap<>();
        questions.put(key, question);
        return new Ask(questions, state, false);
    }
}
