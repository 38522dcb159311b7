package io.agenthub.store;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The parts of an entry, to make another one of them. */
final class EntryDraft {
    final Shape.Builder shape = new Shape.Builder();
    long micros;
    long nanos;
    long bytesIn;
    long bytesOut;

    @Nullable
    String requestId;

    byte @Nullable [] requestHash;
    byte @Nullable [] request;
    byte @Nullable [] response;

    static EntryDraft of(Entry entry) {
        EntryDraft draft = new EntryDraft();
        Shape shape = entry.shape();
        draft.shape.kind = shape.kind();
        draft.shape.client = shape.client();
        draft.shape.peer = shape.peer();
        draft.shape.server = shape.server();
        draft.shape.method = shape.method();
        draft.shape.tool = shape.tool();
        draft.shape.era = shape.era();
        draft.shape.outcome = shape.outcome();
        draft.shape.status = shape.status();
        draft.shape.breaker = shape.breaker();
        draft.shape.detail = shape.detail();
        draft.micros = entry.micros();
        Packed rest = entry.numbers();
        draft.nanos = rest.number();
        draft.bytesIn = rest.number();
        draft.bytesOut = rest.number();
        draft.requestId = rest.text();
        draft.requestHash = rest.sized();
        draft.request = rest.sized();
        draft.response = rest.sized();
        return draft;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    Entry entry() {
        Bytes own = new Bytes(256);
        Entry.packNumbers(nanos, bytesIn, bytesOut, own);
        Entry.packRest(requestId, requestHash, request, response, own);
        return new Entry(shape.build(), micros, own.copy());
    }
}
