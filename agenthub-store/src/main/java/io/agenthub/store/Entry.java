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
    private final byte[] rest;

    /**
     * Puts together what is kept.
     *
     * @param shape what it shares with others
     * @param micros when it ended, since the epoch
     * @param rest what it has for itself beside numbers, as {@link #pack} writes it
     */
    Entry(Shape shape, long micros, long nanos, long bytesIn, long bytesOut, byte[] rest) {
        this.shape = shape;
        this.micros = micros;
        this.nanos = nanos;
        this.bytesIn = bytesIn;
        this.bytesOut = bytesOut;
        this.rest = rest;
    }

    /**
     * Writes what an activity has for itself beside numbers: the way from whoever appends it through the queue into its segment is
     * made by one array, which nobody has to take apart.
     *
     * @param requestHash what recognises the request, if there was one
     * @param request what is kept of the request, in UTF-8, if anything
     * @param response what is kept of the response, likewise
     */
    static void pack(
            @Nullable String requestId,
            byte @Nullable [] requestHash,
            byte @Nullable [] request,
            byte @Nullable [] response,
            Bytes out) {
        out.text(requestId).sized(requestHash).sized(request).sized(response);
    }

    /** Passes over what {@link #pack} wrote. */
    static void skipRest(Packed in) {
        in.skipSized();
        in.skipSized();
        in.skipSized();
        in.skipSized();
    }

    /**
     * Prepares an activity for keeping, except for its sequence.
     *
     * @param shape its shape, cleaned
     * @param recognition recognises equal requests
     * @param scratch where it is put together
     */
    static Entry of(Activity activity, Shape shape, StoreOptions options, Recognition recognition, Bytes scratch) {
        JsonText request = activity.request().orElse(null);
        pack(
                Texts.clean(activity.requestId().orElse(null)),
                request == null ? null : recognition.hash(request),
                body(activity.request(), options),
                body(activity.response(), options),
                scratch.clear());
        return new Entry(
                shape,
                micros(activity.at()),
                activity.duration().toNanos(),
                activity.bytesIn(),
                activity.bytesOut(),
                scratch.copy());
    }

    private static byte @Nullable [] body(Optional<JsonText> body, StoreOptions options) {
        return options.bodies() && body.isPresent() ? utf8(options.redaction().apply(body.get())) : null;
    }

    private static byte @Nullable [] utf8(@Nullable JsonText body) {
        return body == null ? null : body.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The activity for those who ask. */
    Activity activity(long sequence) {
        Packed in = new Packed(rest, 0);
        return shape.fill(Activity.builder(shape.kind(), instant(micros)))
                .sequence(sequence)
                .durationNanos(nanos)
                .bytes(bytesIn, bytesOut)
                .requestId(in.text())
                .requestHash(hexadecimal(in.sized()))
                .request(json(in.sized()))
                .response(json(in.sized()))
                .build();
    }

    private static @Nullable String hexadecimal(byte @Nullable [] hash) {
        return hash == null ? null : HexFormat.of().formatHex(hash);
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

    /** What it has for itself beside numbers, as {@link #pack} wrote it. */
    byte[] rest() {
        return rest;
    }

    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
