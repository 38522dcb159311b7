package io.agenthub.tck.everything;

import io.agenthub.api.rpc.JsonText;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One pass through a tool or prompt: what it was asked, and what was answered and remembered so far. Both eras run the same
 * tools: a session's answers arrive while the call waits, a stateless client's with its next request.
 *
 * @param call the call, to wait on its behalf
 * @param client what can be said to the client meanwhile
 * @param answers what the client answered to the last turn's questions, by key; may hold keys nobody asked for
 * @param state what the last turn wanted remembered, or null
 */
record Turn(
        Call call,
        Client client,
        Map<String, JsonText> answers,
        @Nullable JsonText state) {

    /** How a running call speaks to the client besides its result. */
    interface Client {
        /** What this client declared. */
        JsonText capabilities();

        /** Whether questions are requests of the server's own. */
        boolean hasSession();

        void log(Call call, String level, String text);

        /** A list changed: {@code tools}, {@code prompts} or {@code resources}. */
        void changed(String list);

        /** The contents of a resource changed. */
        void updated(String uri);

        void progress(Call call, JsonText params);
    }

    JsonText arguments() {
        return Json.object(call.params(), "arguments");
    }

    /** The answer to a question, or null if there is none. */
    @Nullable
    JsonText answer(String key, Question question) {
        JsonText answer = answers.get(key);
        if (answer != null && !question.isAnsweredBy(answer)) {
            throw new Refusal(Refusal.INVALID_PARAMS, "Not an answer to ".concat(key));
        }
        return answer;
    }

    boolean has(String capability) {
        return Json.member(client.capabilities(), capability) != null;
    }

    void log(String level, String text) {
        client.log(call, level, text);
    }

    /** Reports progress, if the caller wants to hear of it. */
    void progress(int done, int total) {
        JsonText token = call.meta("progressToken");
        if (token != null) {
            String message = "Completed step ".concat(Integer.toString(done));
            client.progress(
                    call,
                    Json.fill(
                            "{\"progressToken\":%,\"progress\":%,\"total\":%,\"message\":%}",
                            token, done, total, message));
        }
    }

    void pause(long millis) {
        call.pause(millis);
    }
}
