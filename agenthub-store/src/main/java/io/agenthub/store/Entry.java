package io.agenthub.store;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.Redaction;
import io.agenthub.api.rpc.JsonText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An activity exactly as it is kept: what could not be stored is cleaned, what must not be is taken out. */
record Entry(Activity activity) {

    /**
     * Prepares an activity for keeping, except for its sequence.
     *
     * @param recognition recognises equal requests
     */
    static Entry of(Activity activity, StoreOptions options, Recognition recognition) {
        Redaction redaction = options.redaction();
        return new Entry(activity.toBuilder()
                .client(clean(activity.client()))
                .peer(clean(activity.peer()))
                .server(clean(activity.server()))
                .method(clean(activity.method()))
                .tool(clean(activity.tool()))
                .era(clean(activity.era()))
                .outcome(clean(activity.outcome()))
                .requestId(clean(activity.requestId()))
                .requestHash(activity.request().map(recognition::hash).orElse(null))
                .detail(activity.detail()
                        .map(redaction::apply)
                        .map(Entry::clean)
                        .orElse(null))
                .request(body(activity.request(), options))
                .response(body(activity.response(), options))
                .build());
    }

    private static @Nullable JsonText body(Optional<JsonText> body, StoreOptions options) {
        return options.bodies() && body.isPresent() ? options.redaction().apply(body.get()) : null;
    }

    private static @Nullable String clean(Optional<String> text) {
        return text.isPresent() ? clean(text.get()) : null;
    }

    /** Replaces what UTF-8 or a database cannot hold: NUL and halves of surrogate pairs. */
    static String clean(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isSurrogate(c)) {
                return cleaned(text);
            }
        }
        return text;
    }

    private static String cleaned(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints()
                .map(point -> point == 0 || (point >= 0xd800 && point <= 0xdfff) ? 0xfffd : point)
                .forEach(out::appendCodePoint);
        return out.toString();
    }

    long micros() {
        return micros(activity.at());
    }

    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** What the chain seals: every part in a fixed order, each preceded by its length, so that no two records look alike. */
    byte[] canonical(long sequence) {
        Canonical out = new Canonical();
        out.number(sequence).number(micros()).text(Optional.of(activity.kind().name()));
        out.text(activity.client())
                .text(activity.peer())
                .text(activity.server())
                .text(activity.method());
        out.text(activity.tool()).text(activity.era()).text(Optional.of(activity.outcome()));
        out.number(activity.httpStatus().orElse(0)).number(activity.duration().toNanos());
        out.number(activity.bytesIn()).number(activity.bytesOut());
        out.text(activity.requestId()).text(activity.breaker().map(Enum::name)).text(activity.detail());
        out.text(activity.request().map(JsonText::toString));
        out.text(activity.response().map(JsonText::toString));
        if (activity.requestHash().isPresent()) {
            // Not there before version 2, whose links must stay what they were.
            out.text(activity.requestHash());
        }
        return out.bytes();
    }

    /** Grows a buffer. */
    private static final class Canonical {
        private ByteBuffer out = ByteBuffer.allocate(512);

        Canonical number(long value) {
            room(8).putLong(value);
            return this;
        }

        Canonical text(Optional<String> text) {
            if (text.isEmpty()) {
                room(4).putInt(-1);
                return this;
            }
            byte[] utf8 = text.get().getBytes(StandardCharsets.UTF_8);
            room(4 + utf8.length).putInt(utf8.length).put(utf8);
            return this;
        }

        private ByteBuffer room(int bytes) {
            if (out.remaining() < bytes) {
                out = ByteBuffer.allocate(Math.max(out.capacity() * 2, out.position() + bytes))
                        .put(out.flip());
            }
            return out;
        }

        byte[] bytes() {
            byte[] bytes = new byte[out.position()];
            out.flip().get(bytes);
            return bytes;
        }
    }
}
