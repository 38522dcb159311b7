package io.agenthub.store;

import io.agenthub.api.activity.ChainHead;
import io.agenthub.api.activity.Verification;
import io.agenthub.api.activity.Verification.Fault;
import io.agenthub.api.activity.Verification.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Goes along the chain, some thousand links per transaction so that no reader holds up the removal of old pages. Used once, on
 * a reader's thread.
 */
final class ChainCheck {
    private static final int BLOCKS = 20;

    private final Database database;
    private final Chain chain = new Chain();
    private final TreeMap<Long, List<String>> heads = new TreeMap<>();
    private long at;
    private Hash hash = Hash.of(null);
    private @Nullable ChainRow start;
    private long checked;
    private int headsChecked;

    ChainCheck(Database database, List<ChainHead> heads) {
        this.database = database;
        for (ChainHead head : heads) {
            this.heads
                    .computeIfAbsent(head.sequence(), sequence -> new ArrayList<>())
                    .add(head.hash());
        }
    }

    /** What a stretch of the chain showed: its end, and what is wrong with it. */
    private record Stretch(
            ChainRow row, boolean last, @Nullable Fault fault) {}

    Verification check(Readers.Transactions transactions) throws SQLException {
        while (true) {
            Stretch stretch = transactions.run(this::stretch);
            if (stretch.fault != null) {
                return result(stretch.row, stretch.fault);
            }
            if (stretch.last) {
                return result(stretch.row, end(stretch.row));
            }
        }
    }

    private Verification result(ChainRow row, @Nullable Fault fault) {
        return new Verification(
                checked,
                Optional.ofNullable(fault),
                Optional.of(row.anchorLink()),
                Optional.of(row.headLink()),
                headsChecked);
    }

    private Stretch stretch(Connection connection) throws SQLException {
        ChainRow row = ChainRow.read(connection);
        if (start == null || row.anchor() > at) {
            // Either this is the beginning, or retention overtook the check.
            Fault fault = begin(connection, row);
            if (fault != null) {
                return new Stretch(row, true, fault);
            }
        }
        try (Segments segments = new Segments(connection)) {
            long before = at;
            AtomicReference<@Nullable Fault> found = new AtomicReference<>();
            segments.within(
                    new Extent(
                            at + 1,
                            Extent.ofBlock(Facets.block(at + 1) + BLOCKS).most()),
                    segment -> {
                        found.set(link(segment, row));
                        return found.get() == null;
                    });
            if (found.get() != null) {
                return new Stretch(row, true, found.get());
            }
            return at == before ? new Stretch(row, true, afterwards(connection)) : new Stretch(row, false, null);
        }
    }

    /** What stands behind all that was checked. */
    private @Nullable Fault afterwards(Connection connection) throws SQLException {
        OptionalLong next = Numbers.one(connection, Condition.of("SELECT min(first) FROM segment WHERE first > " + at));
        return next.isPresent() ? new Fault(at + 1, Problem.MISSING) : null;
    }

    private @Nullable Fault begin(Connection connection, ChainRow row) throws SQLException {
        start = row;
        at = row.anchor();
        hash = row.anchorHash();
        checked = 0;
        headsChecked = 0;
        if (!row.isSealed(database.key(connection))) {
            return new Fault(row.anchor(), Problem.FORGED_ANCHOR);
        }
        OptionalLong early =
                Numbers.one(connection, Condition.of("SELECT min(first) FROM segment WHERE first <= " + row.anchor()));
        if (early.isPresent()) {
            return new Fault(early.getAsLong(), Problem.UNEXPECTED);
        }
        return compare(at, hash);
    }

    private @Nullable Fault link(Segment segment, ChainRow row) {
        if (segment.first() != at + 1) {
            return segment.first() <= at
                    ? new Fault(segment.first(), Problem.UNEXPECTED)
                    : new Fault(at + 1, Problem.MISSING);
        }
        for (int i = 0; i < segment.count(); i++) {
            Fault fault = link(segment, i, row);
            if (fault != null) {
                return fault;
            }
        }
        return segment.isWhole() ? null : new Fault(at + 1, Problem.CHANGED);
    }

    private @Nullable Fault link(Segment segment, int index, ChainRow row) {
        long sequence = segment.sequence(index);
        if (sequence > row.head()) {
            return new Fault(sequence, Problem.UNEXPECTED);
        }
        at = sequence;
        checked++;
        Hash link = chain.link(hash, segment.entry(index), sequence, segment.form());
        if (!link.equals(segment.link(index))) {
            return new Fault(sequence, Problem.CHANGED);
        }
        hash = link;
        return compare(sequence, link);
    }

    private @Nullable Fault compare(long sequence, Hash link) {
        List<String> expected = heads.getOrDefault(sequence, List.of());
        headsChecked += expected.size();
        String hex = expected.isEmpty() ? "" : link.hex();
        return expected.stream().allMatch(hex::equals) ? null : new Fault(sequence, Problem.REWRITTEN);
    }

    private @Nullable Fault end(ChainRow row) {
        if (at < row.head() || (!heads.isEmpty() && at < heads.lastKey())) {
            return new Fault(at + 1, Problem.MISSING);
        }
        return hash.equals(row.headHash()) ? null : new Fault(at, Problem.CHANGED);
    }
}
