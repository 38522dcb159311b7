package io.agenthub.store;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.Redaction;
import io.agenthub.api.rpc.JsonText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An activity exactly as it is kept: what could not be stored is cleaned, what must not be is taken out. */
final class Entry {
    private final Activity activity;
    private final @Nullable JsonText request;
    private final @Nullable JsonText response;
    private final byte @Nullable [] requestHash;

    private Entry(
            Activity activity, @Nullable JsonText request, @Nullable JsonText response, byte @Nullable [] requestHash) {
        this.activity = activity;
        this.request = request;
        this.response = response;
        this.requestHash = requestHash;
    }

    /**
     * Prepares an activity for keeping, except for its sequence.
     *
     * @param recognition recognises equal requests
     */
    static Entry of(Activity activity, StoreOptions options, Recognition recognition) {
        return new Entry(
                isClean(activity) ? activity : cleaned(activity, options.redaction()),
                body(activity.request(), options),
                body(activity.response(), options),
                activity.request().map(recognition::hash).orElse(null));
    }

    /** An activity as it was read. */
    static Entry read(Activity activity) {
        return new Entry(
                activity,
                activity.request().orElse(null),
                activity.response().orElse(null),
                activity.requestHash().map(HexFormat.of()::parseHex).orElse(null));
    }

    private static boolean isClean(Activity activity) {
        return activity.detail().isEmpty()
                && isClean(activity.client().orElse(null))
                && isClean(activity.peer().orElse(null))
                && isClean(activity.server().orElse(null))
                && isClean(activity.method().orElse(null))
                && isClean(activity.tool().orElse(null))
                && isClean(activity.era().orElse(null))
                && isClean(activity.outcome())
                && isClean(activity.requestId().orElse(null));
    }

    private static Activity cleaned(Activity activity, Redaction redaction) {
        return activity.toBuilder()
                .client(clean(activity.client()))
                .peer(clean(activity.peer()))
                .server(clean(activity.server()))
                .method(clean(activity.method()))
                .tool(clean(activity.tool()))
                .era(clean(activity.era()))
                .outcome(clean(activity.outcome()))
                .requestId(clean(activity.requestId()))
                .detail(activity.detail()
                        .map(redaction::apply)
                        .map(Entry::clean)
                        .orElse(null))
                .build();
    }

    private static @Nullable JsonText body(Optional<JsonText> body, StoreOptions options) {
        return options.bodies() && body.isPresent() ? options.redaction().apply(body.get()) : null;
    }

    private static @Nullable String clean(Optional<String> text) {
        return text.isPresent() ? clean(text.get()) : null;
    }

    /** Replaces what UTF-8 or a database cannot hold: NUL and halves of surrogate pairs. */
    static String clean(String text) {
        return isClean(text) ? text : cleaned(text);
    }

    private static boolean isClean(@Nullable String text) {
        if (text == null) {
            return true;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    private static String cleaned(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints()
                .map(point -> point == 0 || (point >= 0xd800 && point <= 0xdfff) ? 0xfffd : point)
                .forEach(out::appendCodePoint);
        return out.toString();
    }

    /** All but the bodies. */
    Activity activity() {
        return activity;
    }

    /** What is kept of the request, if anything. */
    @Nullable
    JsonText request() {
        return request;
    }

    /** What is kept of the response, if anything. */
    @Nullable
    JsonText response() {
        return response;
    }

    /** What recognises the request, if there was one; not to be changed. */
    byte @Nullable [] requestHash() {
        return requestHash;
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
}
