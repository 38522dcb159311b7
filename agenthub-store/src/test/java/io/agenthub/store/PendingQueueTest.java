package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.Activity.Kind;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.store.Pending.Receipt;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PendingQueueTest {
    private static final int WHOLE = 1_024;
    private static final int MANY_BYTES = 256 * 1_024;

    private final Preparation preparation = new Preparation(StoreOptions.DEFAULT);
    private final PendingQueue queue = new PendingQueue(StoreOptions.DEFAULT, preparation, () -> Instant.EPOCH);

    @BeforeEach
    void open() {
        preparation.with(new byte[32]);
    }

    private void add(int bytes) {
        Activity activity = Activity.builder(Kind.CALL, Instant.EPOCH)
                .request(JsonText.quote("x".repeat(bytes - 2)))
                .response(JsonText.quote("y".repeat(bytes)))
                .build();
        assertTrue(queue.add(activity, Receipt.of(() -> {})));
    }

    private static long held(List<Pending> taken) {
        return taken.stream().mapToLong(Pending::bodyBytes).sum();
    }

    @Test
    void aLongRequestWaitsForTheWriterWhileFewDo() {
        add(16 * 1_024);
        assertEquals(16 * 1_024, held(queue.take(WHOLE)));
    }

    @Test
    void howeverManyLongRequestsComeFewAreHeld() {
        for (int i = 0; i < 1_000; i++) {
            add(16 * 1_024);
        }
        List<Pending> taken = queue.take(WHOLE);
        assertEquals(1_000, taken.size());
        assertEquals(MANY_BYTES, held(taken));
    }

    @Test
    void whatTakesLongIsLeftToTheWriterEvenThen() {
        add(MANY_BYTES);
        add(65 * 1_024);
        assertEquals(MANY_BYTES + 65 * 1_024, held(queue.take(WHOLE)));
    }

    @Test
    void aRequestIsRecognisedWhoeverPreparesIt() {
        for (int i = 0; i < 20; i++) {
            add(20 * 1_024 + 7);
        }
        List<Pending> taken = queue.take(WHOLE);
        byte[] expected = EntryDraft.of(taken.get(0).prepared(preparation)).requestHash;
        for (Pending pending : taken) {
            assertArrayEquals(expected, EntryDraft.of(pending.prepared(preparation)).requestHash);
        }
        assertEquals(0, taken.get(taken.size() - 1).bodyBytes());
    }
}
