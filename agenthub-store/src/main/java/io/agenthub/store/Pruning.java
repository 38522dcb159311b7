package io.agenthub.store;

import io.agenthub.api.activity.Retention;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Removes what a retention does not keep, from the oldest on, in steps that are small enough for activities to be written in
 * between. Confined to the writer thread.
 *
 * <p>Since the order is that of sequences, the first activity that is young enough ends the removal by age. One that claims to
 * come from the future says nothing about its age, as after a clock was set back, and does not end it.
 *
 * <p>Nor does one say anything that was changed or cannot be read: whoever could make it look old would have the evidence removed,
 * and a new beginning of the chain sealed. It goes when one goes that is younger, and not without being named.
 */
final class Pruning {
    /** All may go that is there when the removal begins; what comes during it would keep it from ever ending. */
    static final long ALL_THERE_IS = -1;

    private static final int FIRST_STEP = 200;
    private static final int LEAST_STEP = 20;
    private static final int MOST_STEP = 4_000;
    /** Fewer are looked at in a step where they have long bodies. */
    private static final long MOST_BYTES = 4L * 1_024 * 1_024;

    /** How long a step should keep activities waiting. */
    private static final long STEP_NANOS = 10_000_000;

    private static final long FUTURE_MICROS = 3_600_000_000L;
    private static final Duration ETERNITY = Duration.ofDays(365_000);
    private final Chain chain = new Chain();
    private int step = FIRST_STEP;
    private final long oldestMicros;
    private final long newestMicros;
    private final long mostBytes;
    private long last;
    private OptionalLong changed = OptionalLong.empty();

    /**
     * Begins a removal.
     *
     * @param last the newest sequence that may go, or {@link #ALL_THERE_IS}; what comes later is for another time
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

    /**
     * One of the oldest activities.
     *
     * @param entry the activity, or null if it cannot be read any more
     * @param hash its link, or that of the last one before it that can be read
     * @param genuine whether its link is right
     */
    private record Old(long sequence, @Nullable Entry entry, Hash hash, boolean genuine) {}

    int step(Connection connection, Database database, ChainRow row, Rollup rollup, byte[] key) throws SQLException {
        changed = OptionalLong.empty();
        if (last == ALL_THERE_IS) {
            last = row.head();
        }
        List<Old> oldest = oldest(connection, row, step);
        if (oldest.size() == step && oldest.stream().noneMatch(Old::genuine)) {
            oldest = oldest(connection, row, MOST_STEP);
        }
        long excess = Math.min(oldest.size(), excess(connection, database, row.head() - row.anchor()));
        List<Old> removed = oldest.subList(0, (int) Math.max(excess, tooOld(oldest)));
        if (!removed.isEmpty()) {
            remove(connection, row, removed, rollup, key);
        }
        return removed.size();
    }

    /** The first of those that the last step removed which had been changed, or could not be read. */
    OptionalLong changed() {
        return changed;
    }

    /** Makes the next step longer or shorter, after one that took so long. */
    void adapt(long nanos) {
        double factor = Math.min(2, Math.max(0.25, (double) STEP_NANOS / Math.max(1, nanos)));
        step = (int) Math.min(MOST_STEP, Math.max(LEAST_STEP, step * factor));
    }

    /** How many are too old: up to the last of them before the first that is young; all, if there are that many and none is genuine. */
    private int tooOld(List<Old> oldest) {
        if (oldestMicros == Long.MIN_VALUE) {
            return 0;
        }
        int tooOld = 0;
        boolean beyondRepair = oldest.size() == MOST_STEP;
        for (int i = 0; i < oldest.size(); i++) {
            Old old = oldest.get(i);
            if (old.entry == null || !old.genuine) {
                continue;
            }
            beyondRepair = false;
            long micros = old.entry.micros();
            if (micros < oldestMicros) {
                tooOld = i + 1;
            } else if (micros <= newestMicros) {
                break;
            }
        }
        return beyondRepair ? oldest.size() : tooOld;
    }

    /** How many activities must go for their size alone, guessed from what all of them take together. */
    private long excess(Connection connection, Database database, long count) throws SQLException {
        if (mostBytes == Long.MAX_VALUE || count == 0) {
            return 0;
        }
        long used = database.usedBytes(connection);
        return used <= mostBytes ? 0 : Math.max(1, (long) (count * ((double) (used - mostBytes) / used)));
    }

    private List<Old> oldest(Connection connection, ChainRow row, int most) throws SQLException {
        List<Old> oldest = new ArrayList<>();
        // What is missing at the beginning counts as gone; the first after it is not genuine then, and is named.
        long begin = Numbers.one(
                        connection, Condition.of("SELECT min(first) FROM segment WHERE first > " + row.anchor()))
                .orElse(row.anchor() + 1);
        Extent extent = new Extent(begin, Math.min(last, begin + most - 1));
        try (Segments segments = new Segments(connection)) {
            segments.within(extent, new Segments.Visitor() {
                private Hash hash = row.anchorHash();
                /** Whether it is the link before one; where that is not known, a link can be neither right nor wrong. */
                private boolean known = true;

                private boolean someGenuine;
                private long bytes;

                @Override
                public boolean visit(Segment segment) {
                    long end = Math.min(segment.last(), extent.most());
                    for (long sequence = Math.max(segment.first(), extent.least()); sequence <= end; sequence++) {
                        int index = (int) (sequence - segment.first());
                        boolean readable = index < segment.count();
                        Entry entry = readable ? segment.entry(index) : null;
                        Hash link = readable ? segment.link(index) : hash;
                        boolean genuine = entry != null
                                && (!known
                                        || chain.link(hash, entry, sequence, segment.form())
                                                .equals(link));
                        oldest.add(new Old(sequence, entry, link, genuine));
                        someGenuine |= genuine;
                        hash = link;
                        known = readable;
                    }
                    bytes += segment.length();
                    // Without one that says how old it is, nothing could go.
                    return bytes < MOST_BYTES || !someGenuine;
                }
            });
        }
        return oldest;
    }

    private void remove(Connection connection, ChainRow row, List<Old> removed, Rollup rollup, byte[] key)
            throws SQLException {
        long least = Long.MAX_VALUE;
        long most = Long.MIN_VALUE;
        for (Old old : removed) {
            if (!old.genuine && changed.isEmpty()) {
                changed = OptionalLong.of(old.sequence);
            }
            if (old.entry != null) {
                rollup.remove(old.entry, old.sequence);
                least = Math.min(least, old.entry.micros());
                most = Math.max(most, old.entry.micros());
            }
        }
        Old last = removed.get(removed.size() - 1);
        removeUpTo(connection, last.sequence);
        rollup.flush();
        Rollup.sweep(connection, least, most);
        RequestIds.removeBefore(connection, last.sequence + 1);
        Set<Long> names = Facets.removeBefore(connection, last.sequence + 1);
        boolean namesRemoved = Names.removeUnused(connection, names);
        long micros = last.entry == null ? row.anchorAt() : last.entry.micros();
        row.withAnchor(last.sequence, micros, last.hash, key, row.isSealed(key), namesRemoved)
                .allSummed()
                .update(connection);
    }

    /** Removes segments, and puts what is younger in the last of them into one of its own. */
    private static void removeUpTo(Connection connection, long sequence) throws SQLException {
        try (Segments segments = new Segments(connection);
                PreparedStatement delete = connection.prepareStatement("DELETE FROM segment WHERE first <= ?")) {
            List<Segment> parted = new ArrayList<>();
            segments.within(new Extent(Extent.ofBlock(Facets.block(sequence)).least(), sequence), segment -> {
                if (segment.last() > sequence) {
                    parted.add(segment);
                }
                return true;
            });
            delete.setLong(1, sequence);
            delete.executeUpdate();
            for (Segment segment : parted) {
                keepAfter(connection, segment, sequence);
            }
        }
    }

    private static void keepAfter(Connection connection, Segment segment, long sequence) throws SQLException {
        try (SegmentWriter writer = new SegmentWriter(connection, segment.form())) {
            for (int i = 0; i < segment.count(); i++) {
                if (segment.sequence(i) > sequence) {
                    writer.add(segment.entry(i), segment.sequence(i), segment.link(i));
                }
            }
            writer.flush();
        }
    }
}
