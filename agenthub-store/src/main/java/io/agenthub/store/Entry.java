package io.agenthub.store;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.rpc.JsonText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An activity exactly as it is kept: what could not be stored is cleaned, what must not be is taken out. Nobody changes its arrays. */
final class Entry {
    private final Shape shape;
    private final long micros;
    private final long nanos;
    private final long bytesIn;
    private final long bytesOut;
    private final @Nullable String requestId;
    private final byte @Nullable [] requestHash;
    private final byte @Nullable [] request;
    private final byte @Nullable [] response;

    /**
     * Puts together what is kept.
     *
     * @param shape what it shares with others
     * @param micros when it ended, since the epoch
     * @param requestHash what recognises the request, if there was one
     * @param request what is kept of the request, in UTF-8, if anything
     * @param response what is kept of the response, likewise
     */
    Entry(
            Shape shape,
            long micros,
            long nanos,
            long bytesIn,
            long bytesOut,
            @Nullable String requestId,
            byte @Nullable [] requestHash,
            byte @Nullable [] request,
            byte @Nullable [] response) {
        this.shape = shape;
        this.micros = micros;
        this.nanos = nanos;
        this.bytesIn = bytesIn;
        this.bytesOut = bytesOut;
        this.requestId = requestId;
        this.requestHash = requestHash;
        this.request = request;
        this.response = response;
    }

    /**
     * Prepares an activity for keeping, except for its sequence.
     *
     * @param shape its shape, cleaned
     * @param recognition recognises equal requests
     */
    static Entry of(Activity activity, Shape shape, StoreOptions options, Recognition recognition) {
        JsonText request = activity.request().orElse(null);
        return new Entry(
                shape,
                micros(activity.at()),
                activity.duration().toNanos(),
                activity.bytesIn(),
                activity.bytesOut(),
                Texts.clean(activity.requestId().orElse(null)),
                request == null ? null : recognition.hash(request),
                body(activity.request(), options),
                body(activity.response(), options));
    }

    private static byte @Nullable [] body(Optional<JsonText> body, StoreOptions options) {
        return options.bodies() && body.isPresent() ? utf8(options.redaction().apply(body.get())) : null;
    }

    private static byte @Nullable [] utf8(@Nullable JsonText body) {
        return body == null ? null : body.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The activity for those who ask. */
    Activity activity(long sequence) {
        return shape.fill(Activity.builder(shape.kind(), instant(micros)))
                .sequence(sequence)
                .durationNanos(nanos)
                .bytes(bytesIn, bytesOut)
                .requestId(requestId)
                .requestHash(requestHash == null ? null : HexFormat.of().formatHex(requestHash))
                .request(json(request))
                .response(json(response))
                .build();
    }

    private static @Nullable JsonText json(byte @Nullable [] body) {
        return body == null ? null : JsonText.trusted(body);
    }

    Shape shape() {
        return shape;
    }

    long micros() {
        return micros;
    }

    long nanos() {
        return nanos;
    }

    long bytesIn() {
        return bytesIn;
    }

    long bytesOut() {
        return bytesOut;
    }

    @Nullable
    String requestId() {
        return requestId;
    }

    byte @Nullable [] requestHash() {
        return requestHash;
    }

    byte @Nullable [] request() {
        return request;
    }

    byte @Nullable [] response() {
        return response;
    }

    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
