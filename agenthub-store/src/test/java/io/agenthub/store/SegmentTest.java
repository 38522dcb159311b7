package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.activity.Activity.Kind;
import io.agenthub.api.breaker.BreakerState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class SegmentTest {
    private static final List<String> TEXTS = List.of("", "a", "time", "gr\u00fcn \uD83D\uDE80", "x".repeat(300));

    private static Entry entry(Random random) {
        EntryDraft draft = new EntryDraft();
        draft.shape.kind = List.of(Kind.values()).get(random.nextInt(Kind.values().length));
        draft.shape.client = text(random);
        draft.shape.peer = text(random);
        draft.shape.server = text(random);
        draft.shape.method = text(random);
        draft.shape.tool = text(random);
        draft.shape.era = text(random);
        draft.shape.outcome = random.nextBoolean() ? "OK" : "ERROR";
        draft.shape.status = random.nextInt(1_000);
        draft.shape.breaker =
                random.nextBoolean() ? null : List.of(BreakerState.values()).get(random.nextInt(3));
        draft.shape.detail = text(random);
        draft.micros = number(random);
        draft.nanos = number(random);
        draft.bytesIn = number(random);
        draft.bytesOut = number(random);
        draft.requestId = text(random);
        draft.requestHash = bytes(random, 16);
        draft.request = bytes(random, random.nextInt(300));
        draft.response = bytes(random, random.nextInt(300));
        return draft.entry();
    }

    private static String text(Random random) {
        return random.nextInt(4) == 0 ? null : TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private static long number(Random random) {
        return random.nextLong() >> random.nextInt(64);
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return random.nextInt(3) == 0 ? null : bytes;
    }

    private static void assertSame(Entry expected, Entry read) {
        assertEquals(expected.shape(), read.shape());
        assertEquals(expected.micros(), read.micros());
        EntryDraft parts = EntryDraft.of(expected);
        EntryDraft readParts = EntryDraft.of(read);
        assertEquals(parts.nanos, readParts.nanos);
        assertEquals(parts.bytesIn, readParts.bytesIn);
        assertEquals(parts.bytesOut, readParts.bytesOut);
        assertEquals(parts.requestId, readParts.requestId);
        assertArrayEquals(parts.requestHash, readParts.requestHash);
        assertArrayEquals(parts.request, readParts.request);
        assertArrayEquals(parts.response, readParts.response);
    }

    @RepeatedTest(200)
    void whatWasPackedIsReadWithEveryPart(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<Entry> entries = new ArrayList<>();
        List<Hash> links = new ArrayList<>();
        Segment.Packer packer = new Segment.Packer(Form.PACKED);
        int count = 1 + random.nextInt(Facets.BLOCK);
        for (int i = 0; i < count; i++) {
            entries.add(i > 0 && random.nextBoolean() ? entries.get(random.nextInt(i)) : entry(random));
            byte[] link = new byte[32];
            random.nextBytes(link);
            links.add(new Hash(link));
            packer.add(entries.get(i), links.get(i));
        }
        Segment segment = Segment.of(1_000, 999 + count, packer.pack());
        assertTrue(segment.isWhole());
        assertEquals(count, segment.count());
        for (int i = 0; i < count; i++) {
            assertSame(entries.get(i), segment.entry(i));
            assertEquals(links.get(i), segment.link(i));
            assertEquals(1_000 + i, segment.sequence(i));
            String id = EntryDraft.of(entries.get(i)).requestId;
            assertEquals(id != null, segment.hasRequestId(i, Segment.packed(id == null ? "none" : id)));
            assertFalse(segment.hasRequestId(i, Segment.packed("no such id")));
        }
        assertEquals(0, packer.count(), "it begins anew");
    }

    @RepeatedTest(50)
    void anyBytesAreReadAsFarAsTheyGo(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Segment.Packer packer = new Segment.Packer(Form.PACKED);
        for (int i = 0; i < 20; i++) {
            packer.add(entry(random), new Hash(new byte[32]));
        }
        byte[] packed = packer.pack();
        for (int i = 0; i < 200; i++) {
            byte[] damaged =
                    Arrays.copyOf(packed, random.nextInt(10) == 0 ? random.nextInt(packed.length) : packed.length);
            for (int flips = random.nextInt(4); flips >= 0 && damaged.length > 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Segment segment = Segment.of(1, 20, damaged);
            for (int j = 0; j < segment.count(); j++) {
                segment.entry(j).activity(segment.sequence(j));
                segment.link(j);
            }
        }
    }

    @Test
    void whatIsLongerThanItSaysIsNotWhole() {
        Segment.Packer packer = new Segment.Packer(Form.PACKED);
        packer.add(entry(new Random(1)), new Hash(new byte[32]));
        byte[] packed = packer.pack();
        assertTrue(Segment.of(1, 1, packed).isWhole());
        assertFalse(Segment.of(1, 2, packed).isWhole());
        assertFalse(Segment.of(1, 1, Arrays.copyOf(packed, packed.length + 1)).isWhole());
        assertFalse(Segment.of(1, 1, null).isWhole());
    }
}
