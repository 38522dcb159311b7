package io.agenthub.store;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.rpc.JsonText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An activity exactly as it is kept: what could not be stored is cleaned, what must not be is taken out. Nobody changes its array while it is used. */
final class Entry {
    /** Some 146,000 years: differences of any two instants can be counted as well. */
    static final long MOST_MICROS = Long.MAX_VALUE / 2;

    /** Of numbers that are summed up: 104 days of nanoseconds, or 8 PiB. */
    private static final long MOST = 1L << 53;

    private static final Instant EARLIEST = instant(-MOST_MICROS);
    private static final Instant LATEST = instant(MOST_MICROS);

    private final Shape shape;
    private final long micros;
    private final byte[] in;
    private final int from;
    private final int to;

    /**
     * Puts together what is kept.
     *
     * @param shape what it shares with others
     * @param micros when it ended, since the epoch
     * @param in where it stands what it has for itself beside that: numbers, as {@link #packNumbers} writes them, and then the rest, as
     *     {@link #packRest}
     * @param from where that begins
     * @param to where that ends
     */
    Entry(Shape shape, long micros, byte[] in, int from, int to) {
        this.shape = shape;
        this.micros = micros;
        this.in = in;
        this.from = from;
        this.to = to;
    }

    /** One with an array of its own. */
    Entry(Shape shape, long micros, byte[] own) {
        this(shape, micros, own, 0, own.length);
    }

    /**
     * Begins what an activity has for itself: the way from whoever appends it through the queue and the chain into its segment is made by
     * one array, which hardly anybody has to take apart.
     */
    static void packNumbers(long nanos, long bytesIn, long bytesOut, Bytes out) {
        out.number(nanos).number(bytesIn).number(bytesOut);
    }

    /** Passes over what {@link #packNumbers} wrote. */
    static void skipNumbers(Packed in) {
        in.number();
        in.number();
        in.number();
    }

    /**
     * Ends what an activity has for itself.
     *
     * @param requestHash what recognises the request, if there was one
     * @param request what is kept of the request, in UTF-8, if anything
     * @param response what is kept of the response, likewise
     */
    static void packRest(
            @Nullable String requestId,
            byte @Nullable [] requestHash,
            byte @Nullable [] request,
            byte @Nullable [] response,
            Bytes out) {
        out.text(requestId).sized(requestHash).sized(request).sized(response);
    }

    /** Passes over what {@link #packRest} wrote. */
    static void skipRest(Packed in) {
        in.skipSized();
        in.skipSized();
        in.skipSized();
        in.skipSized();
    }

    /**
     * Writes what an activity has for itself as far as it is kept.
     *
     * @param recognition recognises equal requests
     */
    static void pack(Activity activity, StoreOptions options, Recognition recognition, Bytes out) {
        JsonText request = activity.request().orElse(null);
        packNumbers(
                Math.min(activity.duration().toNanos(), MOST),
                Math.min(activity.bytesIn(), MOST),
                Math.min(activity.bytesOut(), MOST),
                out);
        packRest(
                Texts.clean(activity.requestId().orElse(null)),
                request == null ? null : recognition.hash(request),
                body(activity.request(), options),
                body(activity.response(), options),
                out);
    }

    private static byte @Nullable [] body(Optional<JsonText> body, StoreOptions options) {
        return options.bodies() && body.isPresent() ? utf8(options.redaction().apply(body.get())) : null;
    }

    private static byte @Nullable [] utf8(@Nullable JsonText body) {
        return body == null ? null : body.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The activity for those who ask. */
    Activity activity(long sequence) {
        Packed in = numbers();
        return shape.fill(Activity.builder(shape.kind(), instant(micros)))
                .sequence(sequence)
                .durationNanos(in.number())
                .bytes(in.number(), in.number())
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

    /** How long it took, how much came in and how much went out, and then the rest, to be read in this order. */
    Packed numbers() {
        return new Packed(in, from);
    }

    long nanos() {
        return numbers().number();
    }

    /** What it has for itself beside its numbers, as {@link #packRest} wrote it, to be read in this order. */
    Packed rest() {
        Packed in = numbers();
        skipNumbers(in);
        return in;
    }

    /** All that it has for itself. */
    byte[] own() {
        return from == 0 && to == in.length ? in : Arrays.copyOfRange(in, from, to);
    }

    /** How many bytes that is. */
    int length() {
        return to - from;
    }

    /** Adds all that it has for itself. */
    void addOwn(Bytes out) {
        out.part(in, from, length());
    }

    /** An instant as it is kept; one beyond those that can be is the last of these. */
    static long micros(Instant instant) {
        if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
            return instant.isBefore(EARLIEST) ? -MOST_MICROS : MOST_MICROS;
        }
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
