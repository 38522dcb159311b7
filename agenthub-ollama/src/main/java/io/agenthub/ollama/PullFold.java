package io.agenthub.ollama;

import io.agenthub.api.rpc.JsonText;
import org.jspecify.annotations.Nullable;

/** The progress of a download; complete with the status {@code success}. Confined to the event loop. */
final class PullFold implements LineFold<PullProgress, PullProgress> {
    private @Nullable PullProgress complete;

    @Override
    public @Nullable PullProgress line(byte[] line) {
        if (line.length == 0) {
            return null;
        }
        JsonText event = Json.object(line);
        Json.error(event).ifPresent(error -> {
            throw Failures.midStream(error);
        });
        PullProgress progress = new PullProgress(
                Json.string(event, "status").orElseThrow(() -> OllamaException.garbage("it has no status", null)),
                Json.string(event, "digest"),
                Json.number(event, "total"),
                Json.number(event, "completed"));
        if (progress.status().equals("success")) {
            complete = progress;
        }
        return progress;
    }

    @Override
    public @Nullable PullProgress complete() {
        return complete;
    }
}
