package io.agenthub.ollama;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.ollama.internal.http.Request;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** A request with one JSON object for an answer. */
final class SingleCall<R> extends Call<R> {
    private final Function<JsonText, R> meaning;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    SingleCall(Executor executor, Request request, int maxAnswerBytes, Function<JsonText, R> meaning) {
        super(executor, request, maxAnswerBytes);
        this.meaning = meaning;
    }

    @Override
    void body(byte[] bytes) {
        if (body.size() + bytes.length > maxAnswerBytes) {
            throw OllamaException.tooLong(maxAnswerBytes);
        }
        body.writeBytes(bytes);
    }

    @Override
    void end() {
        JsonText answer = Json.object(body.toByteArray());
        Json.error(answer).ifPresent(error -> {
            throw Failures.midStream(error);
        });
        succeed(meaning.apply(answer));
    }

    @Override
    void end(Throwable failure) {
        fail(failure);
    }
}
