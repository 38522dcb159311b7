package io.agenthub.store;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.rpc.JsonText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the chain seals: every part of a record in a fixed order, each text preceded by its length, so that no two records look
 * alike. A buffer that is used again and again, since every record comes through here. Confined to one thread.
 */
final class Canonical {
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] out = new byte[1_024];
    private int end;

    /** Replaces what was here by a record. */
    Canonical with(Entry entry, long sequence) {
        end = 0;
        Activity activity = entry.activity();
        number(sequence).number(entry.micros()).text(activity.kind().name());
        text(activity.client().orElse(null));
        text(activity.peer().orElse(null));
        text(activity.server().orElse(null));
        text(activity.method().orElse(null));
        text(activity.tool().orElse(null));
        text(activity.era().orElse(null));
        text(activity.outcome());
        number(activity.httpStatus().orElse(0)).number(activity.duration().toNanos());
        number(activity.bytesIn()).number(activity.bytesOut());
        text(activity.requestId().orElse(null));
        text(activity.breaker().map(Enum::name).orElse(null));
        text(activity.detail().orElse(null));
        json(entry.request());
        json(entry.response());
        byte[] requestHash = entry.requestHash();
        if (requestHash != null) {
            // Not there before version 2, whose links must stay what they were.
            hexadecimal(requestHash);
        }
        return this;
    }

    void update(MessageDigest digest) {
        digest.update(out, 0, end);
    }

    private Canonical number(long value) {
        room(Long.BYTES);
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            out[end++] = (byte) (value >>> shift);
        }
        return this;
    }

    private void length(int value) {
        room(Integer.BYTES);
        for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            out[end++] = (byte) (value >>> shift);
        }
    }

    private void text(@Nullable String text) {
        if (text == null) {
            length(-1);
            return;
        }
        int before = end;
        length(text.length());
        room(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                end = before;
                encoded(text.getBytes(StandardCharsets.UTF_8));
                return;
            }
            out[end++] = (byte) c;
        }
    }

    private void json(@Nullable JsonText body) {
        text(body == null ? null : body.toString());
    }

    private void encoded(byte[] utf8) {
        length(utf8.length);
        room(utf8.length);
        System.arraycopy(utf8, 0, out, end, utf8.length);
        end += utf8.length;
    }

    private void hexadecimal(byte[] bytes) {
        length(2 * bytes.length);
        room(2 * bytes.length);
        for (byte each : bytes) {
            out[end++] = DIGITS[each >> 4 & 0xf];
            out[end++] = DIGITS[each & 0xf];
        }
    }

    private void room(int bytes) {
        if (out.length - end < bytes) {
            out = Arrays.copyOf(out, Math.max(2 * out.length, end + bytes));
        }
    }
}
