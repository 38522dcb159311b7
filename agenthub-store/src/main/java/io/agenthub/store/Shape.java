package io.agenthub.store;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.Activity.Kind;
import io.agenthub.api.activity.Redaction;
import io.agenthub.api.breaker.BreakerState;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What recurs in activities: who asked whom for what, and how it ended. Most of an activity is its shape, and few shapes make up
 * most of a record, so what is made of one is kept with it. Immutable but for that; threads may make the same twice.
 */
final class Shape {
    private final Kind kind;
    private final @Nullable String client;
    private final @Nullable String peer;
    private final @Nullable String server;
    private final @Nullable String method;
    private final @Nullable String tool;
    private final @Nullable String era;
    private final String outcome;
    private final int status;
    private final @Nullable BreakerState breaker;
    private final @Nullable String detail;
    private final int hash;
    private volatile byte @Nullable [] packed;
    private volatile byte @Nullable [] digest;
    private volatile Canonical.@Nullable Part canonical;

    private Shape(Builder parts) {
        kind = parts.kind;
        client = parts.client;
        peer = parts.peer;
        server = parts.server;
        method = parts.method;
        tool = parts.tool;
        era = parts.era;
        outcome = parts.outcome;
        status = parts.status;
        breaker = parts.breaker;
        detail = parts.detail;
        hash = hash(Codes.of(kind), client, peer, server, method, tool, era, outcome, detail) * 31 + status;
    }

    private static int hash(int seed, @Nullable String... texts) {
        int hash = seed;
        for (String text : texts) {
            hash = 31 * hash + (text == null ? 0 : text.hashCode());
        }
        return hash;
    }

    /** The parts of a shape before it is one. */
    static final class Builder {
        Kind kind = Kind.CALL;

        @Nullable
        String client;

        @Nullable
        String peer;

        @Nullable
        String server;

        @Nullable
        String method;

        @Nullable
        String tool;

        @Nullable
        String era;

        String outcome = "";
        int status;

        @Nullable
        BreakerState breaker;

        @Nullable
        String detail;

        Shape build() {
            return new Shape(this);
        }
    }

    /** The shape of an activity, whatever is in its texts. */
    static Shape of(Activity activity) {
        Builder shape = new Builder();
        shape.kind = activity.kind();
        shape.client = activity.client().orElse(null);
        shape.peer = activity.peer().orElse(null);
        shape.server = activity.server().orElse(null);
        shape.method = activity.method().orElse(null);
        shape.tool = activity.tool().orElse(null);
        shape.era = activity.era().orElse(null);
        shape.outcome = activity.outcome();
        shape.status = activity.httpStatus().orElse(0);
        shape.breaker = activity.breaker().orElse(null);
        shape.detail = activity.detail().orElse(null);
        return shape.build();
    }

    /** The same as it may be kept. */
    Shape cleaned(Redaction redaction) {
        Builder shape = new Builder();
        shape.kind = kind;
        shape.client = Texts.clean(client);
        shape.peer = Texts.clean(peer);
        shape.server = Texts.clean(server);
        shape.method = Texts.clean(method);
        shape.tool = Texts.clean(tool);
        shape.era = Texts.clean(era);
        shape.outcome = Texts.cleaned(outcome);
        shape.status = status;
        shape.breaker = breaker;
        shape.detail = detail == null ? null : Texts.cleaned(redaction.apply(detail));
        return shape.build();
    }

    /** Gives an activity what is in here. */
    Activity.Builder fill(Activity.Builder activity) {
        return activity.client(client)
                .peer(peer)
                .server(server)
                .method(method)
                .tool(tool)
                .era(era)
                .outcome(outcome)
                .httpStatus(status >= 100 && status <= 999 ? status : 0)
                .breaker(breaker)
                .detail(detail);
    }

    Kind kind() {
        return kind;
    }

    @Nullable
    String client() {
        return client;
    }

    @Nullable
    String peer() {
        return peer;
    }

    @Nullable
    String server() {
        return server;
    }

    @Nullable
    String method() {
        return method;
    }

    @Nullable
    String tool() {
        return tool;
    }

    @Nullable
    String era() {
        return era;
    }

    String outcome() {
        return outcome;
    }

    boolean failed() {
        return !outcome.equals(Activity.OK);
    }

    int status() {
        return status;
    }

    @Nullable
    BreakerState breaker() {
        return breaker;
    }

    @Nullable
    String detail() {
        return detail;
    }

    /** As it stands in segments. */
    byte[] packed() {
        byte[] bytes = packed;
        if (bytes == null) {
            bytes = new Bytes(128)
                    .one(Codes.of(kind))
                    .text(client)
                    .text(peer)
                    .text(server)
                    .text(method)
                    .text(tool)
                    .text(era)
                    .text(outcome)
                    .number(status)
                    .one(breaker == null ? 0 : Codes.of(breaker) + 1)
                    .text(detail)
                    .copy();
            packed = bytes;
        }
        return bytes;
    }

    /** Reads what {@link #packed} wrote; whatever somebody made of it, {@link #skip} has found that it can be read. */
    static Shape unpacked(Packed in) {
        Builder shape = new Builder();
        shape.kind = known(Codes.kind(in.one()));
        shape.client = in.text();
        shape.peer = in.text();
        shape.server = in.text();
        shape.method = in.text();
        shape.tool = in.text();
        shape.era = in.text();
        shape.outcome = known(in.text());
        shape.status = in.status();
        int breaker = in.one();
        shape.breaker = breaker == 0 ? null : known(Codes.breaker(breaker - 1));
        shape.detail = in.text();
        return shape.build();
    }

    /** Passes over a shape. */
    static void skip(Packed in) {
        known(Codes.kind(in.one()));
        for (int i = 0; i < 6; i++) {
            in.skipSized();
        }
        if (!in.skipSized()) {
            throw new Packed.DamagedException();
        }
        in.status();
        int breaker = in.one();
        if (breaker != 0) {
            known(Codes.breaker(breaker - 1));
        }
        in.skipSized();
    }

    private static <T> T known(@Nullable T value) {
        if (value == null) {
            throw new Packed.DamagedException();
        }
        return value;
    }

    /** As the chain seals it in packed records. */
    byte[] digest() {
        byte[] bytes = digest;
        if (bytes == null) {
            bytes = Chain.digest(this);
            digest = bytes;
        }
        return bytes;
    }

    /** As the chain seals it in records that are spelled out. */
    Canonical.Part canonical() {
        Canonical.Part part = canonical;
        if (part == null) {
            part = Canonical.part(this);
            canonical = part;
        }
        return part;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (other == this) {
            return true;
        }
        return other instanceof Shape that
                && hash == that.hash
                && kind == that.kind
                && status == that.status
                && breaker == that.breaker
                && outcome.equals(that.outcome)
                && Objects.equals(client, that.client)
                && Objects.equals(peer, that.peer)
                && Objects.equals(server, that.server)
                && Objects.equals(method, that.method)
                && Objects.equals(tool, that.tool)
                && Objects.equals(era, that.era)
                && Objects.equals(detail, that.detail);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return kind + " " + Optional.ofNullable(server).orElse("-") + " " + outcome;
    }
}
