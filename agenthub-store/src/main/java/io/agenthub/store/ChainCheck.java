package io.agenthub.store;

import io.agenthub.api.activity.ChainHead;
import io.agenthub.api.activity.Verification;
import io.agenthub.api.activity.Verification.Fault;
import io.agenthub.api.activity.Verification.Problem;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Goes along the chain, some thousand links per transaction so that no reader holds up the removal of old pages. Used once, on
 * a reader's thread.
 */
final class ChainCheck {
    private static final int LINKS = 5_000;
    private static final String SELECT = "SELECT " + Rows.COLUMNS + ", a.hash FROM activity a " + Rows.JOINS
            + " WHERE a.seq > ? ORDER BY a.seq LIMIT " + LINKS;

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
        try (PreparedStatement select = connection.prepareStatement(SELECT)) {
            select.setLong(1, at);
            try (ResultSet rows = select.executeQuery()) {
                int links = 0;
                while (rows.next()) {
                    Fault fault = link(rows, row);
                    if (fault != null) {
                        return new Stretch(row, true, fault);
                    }
                    links++;
                }
                return new Stretch(row, links < LINKS, null);
            }
        }
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
        Optional<Long> early =
                Numbers.all(connection, Condition.of("SELECT min(seq) FROM activity WHERE seq <= " + row.anchor()))
                        .stream()
                        .findFirst();
        if (early.isPresent()) {
            return new Fault(early.get(), Problem.UNEXPECTED);
        }
        return compare(at, hash);
    }

    private @Nullable Fault link(ResultSet rows, ChainRow row) throws SQLException {
        long sequence = rows.getLong(1);
        if (sequence != at + 1) {
            return new Fault(at + 1, Problem.MISSING);
        }
        if (sequence > row.head()) {
            return new Fault(sequence, Problem.UNEXPECTED);
        }
        at = sequence;
        checked++;
        Hash link = chain.link(hash, Entry.read(Rows.activity(rows)), sequence);
        if (!link.equals(Hash.of(rows.getBytes(21)))) {
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
