package io.agenthub.gateway.internal.http;

import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The names of headers that came lately, shared by all connections of the gateway: clients send the same few with each request, and
 * a name that is known needs neither memory nor its hash once more. Each place holds one name of at most 64 bytes; two that share a
 * place take turns. Thread-safe.
 */
final class HeaderNames {
    /** As a power of two. */
    private static final int PLACES = 256;

    private static final int MOST_BYTES = 64;

    private final AtomicReferenceArray<@Nullable AsciiString> places = new AtomicReferenceArray<>(PLACES);

    /** The name that stands in some bytes, in the case it is written in. */
    AsciiString of(byte[] bytes, int from, int length) {
        if (length > MOST_BYTES) {
            return new AsciiString(bytes, from, length, true);
        }
        int place = place(bytes, from, length);
        AsciiString known = places.get(place);
        if (known != null && isWrittenIn(bytes, from, length, known)) {
            return known;
        }
        AsciiString name = new AsciiString(bytes, from, length, true);
        places.set(place, name);
        return name;
    }

    private static boolean isWrittenIn(byte[] bytes, int from, int length, AsciiString name) {
        int start = name.arrayOffset();
        return Arrays.equals(bytes, from, from + length, name.array(), start, start + name.length());
    }

    private static int place(byte[] bytes, int from, int length) {
        int hash = length;
        for (int i = from; i < from + length; i++) {
            hash = 31 * hash + bytes[i];
        }
        return (hash ^ hash >>> Byte.SIZE ^ hash >>> Short.SIZE) & PLACES - 1;
    }
}
