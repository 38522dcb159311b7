package io.agenthub.gateway;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.ErrorKind;
import io.agenthub.gateway.internal.http.Refusal;
import java.util.function.Supplier;

/** What a request wants, read so that a mistake in it is the client's and told as such. */
final class Wanted {
    private static final int BAD_REQUEST = 400;

    private Wanted() {}

    /** Reads; an argument that is refused becomes a refusal of the request. */
    static <T> T read(Supplier<T> reader) {
        try {
            return reader.get();
        } catch (IllegalArgumentException | ConfigurationException e) {
            throw Refusal.of(BAD_REQUEST, ErrorKind.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }
}
