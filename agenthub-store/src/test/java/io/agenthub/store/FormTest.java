package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.Activity.Kind;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.Retention;
import io.agenthub.api.activity.Verification;
import io.agenthub.api.activity.Verification.Fault;
import io.agenthub.api.activity.Verification.Problem;
import io.agenthub.api.breaker.BreakerState;
import io.agenthub.store.Scalpel.Cut;
import io.agenthub.tck.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A record goes on in another form of links than it was begun in. */
class FormTest {
    private static final int BEFORE = 700;
    private static final int AFTER = 900;
    private final Instant begin = Instant.now().minus(Duration.ofHours(2));

    @TempDir
    private Path folder;

    private StoreHarness harness;

    @BeforeEach
    void begin() {
        harness = new StoreHarness(folder);
    }

    @AfterEach
    void end() {
        harness.close();
    }

    /** One activity a second, the older ones with links as they were made before. */
    private ActivityStore mixed(StoreOptions options) throws SQLException, IOException {
        ActivityStore first = harness.open();
        fill(first, 0, BEFORE);
        StoreHarness.close(first);
        harness.relinkAsBefore();
        ActivityStore store = harness.open(options);
        fill(store, BEFORE, AFTER);
        return store;
    }

    private void fill(ActivityStore store, int from, int count) {
        StoreHarness.fill(
                store,
                from,
                count,
                i -> Activity.builder(Kind.CALL, begin.plusSeconds(i))
                        .server("server-" + i % 3)
                        .method("tools/call")
                        .requestId(String.valueOf(i))
                        .build());
    }

    private List<Cut> cuts() throws SQLException {
        try (Connection connection = harness.connect()) {
            return new Scalpel(connection).all();
        }
    }

    private Set<Form> forms() throws SQLException {
        Set<Form> forms = EnumSet.noneOf(Form.class);
        cuts().forEach(cut -> forms.add(cut.form()));
        return forms;
    }

    @Test
    void aRecordOfAnEarlierVersionGoesOnAndIsOneChain() throws SQLException, IOException {
        ActivityStore store = mixed(StoreOptions.DEFAULT);
        Verification whole = StoreHarness.verify(store);
        assertTrue(whole.intact(), whole::toString);
        assertEquals(BEFORE + AFTER, whole.checked());
        assertEquals(EnumSet.allOf(Form.class), forms());
        assertEquals(1_000, StoreHarness.newest(store).size());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 300, BEFORE - 1, BEFORE, BEFORE + 1, 1_000, BEFORE + AFTER - 1})
    void retentionLeavesAChainWhereverItCuts(int cut) throws SQLException, IOException {
        ActivityStore store = mixed(StoreOptions.DEFAULT);
        Duration age = Duration.between(begin.plusSeconds(cut).minusMillis(500), Instant.now());
        assertEquals(cut, Await.value(store.cleanup(new Retention(Optional.of(age), OptionalLong.empty()))));
        Verification rest = StoreHarness.verify(store);
        assertTrue(rest.intact(), rest::toString);
        assertEquals(BEFORE + AFTER - cut, rest.checked());
        assertEquals(cut < BEFORE ? EnumSet.allOf(Form.class) : EnumSet.of(Form.PACKED), forms());
    }

    @Test
    void aSegmentThatClaimsAnotherFormIsFound() throws SQLException, IOException {
        StoreHarness.close(mixed(StoreOptions.DEFAULT));
        try (Connection connection = harness.connect()) {
            Scalpel record = new Scalpel(connection);
            record.open();
            Cut cut = record.at(1_000);
            record.replace(new Cut(cut.sequence(), cut.entry(), cut.link(), Form.SPELLED));
        }
        Verification verification = StoreHarness.verify(harness.open());
        assertEquals(new Fault(1_000, Problem.CHANGED), verification.fault().orElseThrow());
    }

    @ParameterizedTest
    @EnumSource
    void everyPartOfARecordIsInItsLink(Form form) {
        List<Consumer<EntryDraft>> changes = List.of(
                draft -> draft.shape.kind = Kind.SERVER,
                draft -> draft.shape.client = "another",
                draft -> draft.shape.peer = null,
                draft -> draft.shape.server = "another",
                draft -> draft.shape.method = "another",
                draft -> draft.shape.tool = "another",
                draft -> draft.shape.era = "another",
                draft -> draft.shape.outcome = "ANOTHER",
                draft -> draft.shape.status = 201,
                draft -> draft.shape.breaker = BreakerState.OPEN,
                draft -> draft.shape.detail = "another",
                draft -> draft.micros++,
                draft -> draft.nanos++,
                draft -> draft.bytesIn++,
                draft -> draft.bytesOut++,
                draft -> draft.requestId = "another",
                draft -> draft.requestHash = null,
                draft -> draft.request = EntryDraft.utf8("[]"),
                draft -> draft.response = null,
                draft -> {
                    draft.request = draft.response;
                    draft.response = null;
                });
        Hash before = new Hash(new byte[32]);
        Set<Hash> links = new HashSet<>();
        Chain chain = new Chain();
        Entry entry = draft().entry();
        links.add(chain.link(before, entry, 5, form));
        links.add(chain.link(before, entry, 6, form));
        links.add(chain.link(new Hash(new byte[] {1}), entry, 5, form));
        for (Consumer<EntryDraft> change : changes) {
            EntryDraft draft = draft();
            change.accept(draft);
            links.add(chain.link(before, draft.entry(), 5, form));
        }
        assertEquals(changes.size() + 3, links.size());
        assertEquals(chain.link(before, entry, 5, form), chain.link(before, draft().entry(), 5, form));
        Form other = form == Form.PACKED ? Form.SPELLED : Form.PACKED;
        assertNotEquals(chain.link(before, entry, 5, other), chain.link(before, entry, 5, form));
    }

    @ParameterizedTest
    @EnumSource
    void everyBitOfASegmentCounts(Form form) {
        Segment.Packer packer = new Segment.Packer(form);
        Chain chain = new Chain();
        Hash link = new Hash(new byte[32]);
        for (int i = 0; i < 40; i++) {
            EntryDraft draft = draft();
            draft.shape.client = "client-" + i % 3;
            draft.shape.detail = i % 4 == 0 ? "Number " + i : null;
            draft.micros += i * 1_000L;
            draft.requestId = String.valueOf(i);
            if (i % 2 == 0) {
                draft.shape.peer = null;
                draft.shape.era = null;
                draft.shape.breaker = null;
                draft.requestHash = null;
                draft.request = null;
                draft.response = null;
                draft.bytesIn = 0;
                draft.bytesOut = 0;
            }
            link = chain.link(link, draft.entry(), 1 + i, form);
            packer.add(draft.entry(), link);
        }
        byte[] packed = packer.pack();
        assertTrue(isSealed(packed), "as it was written");
        List<Integer> unnoticed = new ArrayList<>();
        for (int bit = 0; bit < packed.length * Byte.SIZE; bit++) {
            byte[] changed = packed.clone();
            changed[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            if (isSealed(changed)) {
                unnoticed.add(bit);
            }
        }
        assertEquals(List.of(), unnoticed);
    }

    private static boolean isSealed(byte[] packed) {
        Segment segment = Segment.of(1, 40, packed);
        Chain chain = new Chain();
        Hash link = new Hash(new byte[32]);
        for (int i = 0; i < segment.count(); i++) {
            link = chain.link(link, segment.entry(i), segment.sequence(i), segment.form());
            if (!link.equals(segment.link(i))) {
                return false;
            }
        }
        return segment.isWhole();
    }

    private static EntryDraft draft() {
        EntryDraft draft = new EntryDraft();
        draft.shape.kind = Activity.Kind.CALL;
        draft.shape.client = "client";
        draft.shape.peer = "127.0.0.1";
        draft.shape.server = "server";
        draft.shape.method = "tools/call";
        draft.shape.tool = "tool";
        draft.shape.era = "modern";
        draft.shape.outcome = Activity.OK;
        draft.shape.status = 200;
        draft.shape.breaker = BreakerState.CLOSED;
        draft.shape.detail = "detail";
        draft.micros = 1_700_000_000_000_000L;
        draft.nanos = 3_000_000;
        draft.bytesIn = 100;
        draft.bytesOut = 200;
        draft.requestId = "7";
        draft.requestHash = new byte[16];
        draft.request = EntryDraft.utf8("{}");
        draft.response = EntryDraft.utf8("{\"a\":1}");
        return draft;
    }
}
