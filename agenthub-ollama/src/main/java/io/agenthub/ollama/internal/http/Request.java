package io.agenthub.ollama.internal.http;

import io.agenthub.api.rpc.JsonText;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One request.
 *
 * @param path where it goes, beginning with a slash
 * @param body what is sent, as JSON by POST; null for a GET
 * @param timeout the time until its answer must be complete
 * @param authorization the {@code Authorization} header, or null for none
 */
public record Request(
        String path,
        @Nullable JsonText body,
        Duration timeout,
        @Nullable String authorization) {

    String method() {
        return body == null ? "GET" : "POST";
    }

    /** Shows neither the body nor the credential. */
    @Override
    public String toString() {
        return method() + " " + path;
    }
}
