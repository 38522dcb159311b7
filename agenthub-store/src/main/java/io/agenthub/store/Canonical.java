package io.agenthub.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * What the chain seals: every part of a record in a fixed order, each of a length that is known from what stands before it, so that
 * no two records look alike. Confined to one thread.
 */
final class Canonical {
    private final Bytes out = new Bytes(1_024);

    /** What a shape adds: before and behind the identifier of the request. */
    static final class Part {
        private final byte[] before;
        private final byte[] behind;

        Part(byte[] before, byte[] behind) {
            this.before = before;
            this.behind = behind;
        }
    }

    static Part part(Shape shape) {
        Bytes out = new Bytes(256);
        text(out, shape.kind().name());
        text(out, shape.client());
        text(out, shape.peer());
        text(out, shape.server());
        text(out, shape.method());
        text(out, shape.tool());
        text(out, shape.era());
        text(out, shape.outcome());
        byte[] before = out.eight(shape.status()).copy();
        out.clear();
        text(out, shape.breaker() == null ? null : shape.breaker().name());
        text(out, shape.detail());
        return new Part(before, out.copy());
    }

    /** Replaces what was here by a record in one of the forms, and what stands before it. */
    Canonical with(byte[] before, Entry entry, long sequence, Form form) {
        out.clear().all(before);
        switch (form) {
            case SPELLED -> spell(entry, sequence);
            case PACKED -> pack(entry, sequence);
        }
        return this;
    }

    private void pack(Entry entry, long sequence) {
        out.all(entry.shape().digest()).number(sequence).number(entry.micros());
        entry.addOwn(out);
    }

    private void spell(Entry entry, long sequence) {
        Part part = entry.shape().canonical();
        out.eight(sequence).eight(entry.micros()).all(part.before);
        Packed rest = entry.numbers();
        out.eight(rest.number()).eight(rest.number()).eight(rest.number());
        sized(rest);
        out.all(part.behind);
        int requestHash = rest.position();
        rest.skipSized();
        sized(rest);
        sized(rest);
        rest.backTo(requestHash);
        int length = rest.size();
        if (length >= 0) {
            // Not there before version 2, whose links must stay what they were.
            out.four(2 * length).hexadecimal(rest.in(), rest.position(), length);
        }
    }

    void update(MessageDigest digest) {
        out.update(digest);
    }

    private static void text(Bytes out, @Nullable String text) {
        if (text == null) {
            out.four(-1);
            return;
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.four(utf8.length).all(utf8);
    }

    private void sized(Packed rest) {
        int length = rest.size();
        out.four(length);
        if (length > 0) {
            rest.copy(length, out);
        }
    }
}
