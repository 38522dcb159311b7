package io.agenthub.store;

import io.agenthub.api.activity.Retention;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Removes what a retention does not keep, from the oldest on, in steps that are small enough for activities to be written in
 * between. Confined to the writer thread.
 *
 * <p>Since the order is that of sequences, the first activity that is young enough ends the removal by age. One that claims to
 * come from the future says nothing about its age, as after a clock was set back, and does not end it.
 */
final class Pruning {
    private static final int FIRST_STEP = 200;
    private static final int LEAST_STEP = 20;
    private static final int MOST_STEP = 4_000;
    /** How long a step should keep activities waiting. */
    private static final long STEP_NANOS = 10_000_000;

    private static final long FUTURE_MICROS = 3_600_000_000L;
    private static final Duration ETERNITY = Duration.ofDays(365_000);
    private static final String OLDEST = "SELECT seq, at, kind, client, server, method, tool, detail, outcome,"
            + " (SELECT text FROM name WHERE id = outcome), status, nanos, bytes_in, bytes_out, hash"
            + " FROM activity WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?";

    private int step = FIRST_STEP;
    private final long oldestMicros;
    private final long newestMicros;
    private final long mostBytes;
    private final long last;

    /**
     * Begins a removal.
     *
     * @param last the newest sequence that may go; what comes later is for another time
     */
    Pruning(Retention retention, Instant now, long last) {
        this.last = last;
        long micros = Entry.micros(now);
        this.oldestMicros = retention
                .age()
                .filter(age -> age.compareTo(ETERNITY) < 0)
                .map(age -> micros - age.toMillis() * 1_000)
                .orElse(Long.MIN_VALUE);
        this.newestMicros = micros + FUTURE_MICROS;
        this.mostBytes = retention.bytes().orElse(Long.MAX_VALUE);
    }

    /** One of the oldest activities, with what its removal changes. */
    private record Old(Rollup.Facts facts, Hash hash) {}

    int step(Connection connection, Database database, ChainRow row, Rollup rollup, byte[] key) throws SQLException {
        List<Old> oldest = oldest(connection, row.anchor());
        long excess = Math.min(oldest.size(), excess(connection, database, row.head() - row.anchor()));
        List<Old> removed = oldest.subList(0, (int) Math.max(excess, tooOld(oldest)));
        if (!removed.isEmpty()) {
            remove(connection, row, removed, rollup, key);
        }
        return removed.size();
    }

    /** Makes the next step longer or shorter, after one that took so long. */
    void adapt(long nanos) {
        double factor = Math.min(2, Math.max(0.25, (double) STEP_NANOS / Math.max(1, nanos)));
        step = (int) Math.min(MOST_STEP, Math.max(LEAST_STEP, step * factor));
    }

    /** How many are too old: up to the last of them before the first that is young. */
    private int tooOld(List<Old> oldest) {
        int tooOld = 0;
        for (int i = 0; i < oldest.size(); i++) {
            long micros = oldest.get(i).facts.micros();
            if (micros < oldestMicros) {
                tooOld = i + 1;
            } else if (micros <= newestMicros) {
                break;
            }
        }
        return tooOld;
    }

    /** How many activities must go for their size alone, guessed from what all of them take together. */
    private long excess(Connection connection, Database database, long count) throws SQLException {
        if (mostBytes == Long.MAX_VALUE || count == 0) {
            return 0;
        }
        long used = database.usedBytes(connection);
        return used <= mostBytes ? 0 : Math.max(1, (long) (count * ((double) (used - mostBytes) / used)));
    }

    private List<Old> oldest(Connection connection, long anchor) throws SQLException {
        List<Old> oldest = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(OLDEST)) {
            select.setLong(1, anchor);
            select.setLong(2, last);
            select.setInt(3, step);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    oldest.add(new Old(facts(row), Hash.of(row.getBytes(15))));
                }
            }
        }
        return oldest;
    }

    private static Rollup.Facts facts(ResultSet row) throws SQLException {
        return new Rollup.Facts(
                row.getLong(1),
                row.getLong(2),
                row.getInt(3),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                row.getLong(8),
                row.getLong(9),
                !"OK".equals(row.getString(10)),
                row.getInt(11),
                row.getLong(12),
                row.getLong(13),
                row.getLong(14));
    }

    private static void remove(Connection connection, ChainRow row, List<Old> removed, Rollup rollup, byte[] key)
            throws SQLException {
        long least = Long.MAX_VALUE;
        long most = Long.MIN_VALUE;
        for (Old old : removed) {
            Rollup.Facts facts = old.facts;
            rollup.count(facts, -1);
            least = Math.min(least, facts.micros());
            most = Math.max(most, facts.micros());
        }
        Old last = removed.get(removed.size() - 1);
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM activity WHERE seq > ? AND seq <= ?")) {
            delete.setLong(1, row.anchor());
            delete.setLong(2, last.facts.sequence());
            delete.executeUpdate();
        }
        rollup.flush();
        Rollup.sweep(connection, least, most);
        Set<Long> names = Facets.removeBefore(connection, last.facts.sequence() + 1);
        boolean namesRemoved = Names.removeUnused(connection, names);
        row.withAnchor(last.facts.sequence(), last.facts.micros(), last.hash, key, row.isSealed(key), namesRemoved)
                .update(connection);
    }
}
