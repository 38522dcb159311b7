package io.agenthub.store;

import io.agenthub.api.activity.ActivityQuery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A stretch of time in microseconds, from inclusive, until exclusive; the extremes stand for no bound.
 *
 * <p>Times need not rise with sequences, since clocks are set, so there is no index on them. Instead the table {@code span} says
 * which sequences fell into each minute, which bounds the part of the record that must be looked at.
 */
record Times(long from, long until) {

    Times(ActivityQuery query) {
        this(
                query.from().map(Times::ceiling).orElse(Long.MIN_VALUE),
                query.until().map(Times::ceiling).orElse(Long.MAX_VALUE));
    }

    /** An instant is kept to the microsecond, so a bound between two of them is the later one. */
    private static long ceiling(Instant instant) {
        long micros = Entry.micros(instant);
        if (micros == Entry.MOST_MICROS) {
            return Long.MAX_VALUE;
        }
        if (micros == -Entry.MOST_MICROS) {
            return Long.MIN_VALUE;
        }
        return Entry.instant(micros).isBefore(instant) ? micros + 1 : micros;
    }

    boolean isEmpty() {
        return from >= until;
    }

    boolean isBounded() {
        return from != Long.MIN_VALUE || until != Long.MAX_VALUE;
    }

    boolean contain(long micros) {
        return from <= micros && (micros < until || until == Long.MAX_VALUE);
    }

    /** The part of the record where all of this time is, among others. */
    Extent extent(Connection connection) throws SQLException {
        if (!isBounded()) {
            return Extent.ALL;
        }
        try (PreparedStatement select =
                connection.prepareStatement("SELECT min(least), max(most) FROM span WHERE slot BETWEEN ? AND ?")) {
            select.setLong(1, slot(from, Rollup.MINUTE));
            select.setLong(2, slot(until == Long.MAX_VALUE ? until : until - 1, Rollup.MINUTE));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                long least = row.getLong(1);
                return row.wasNull() ? Extent.NONE : new Extent(least, row.getLong(2));
            }
        }
    }

    private static long slot(long micros, long seconds) {
        return Math.floorDiv(micros, seconds * 1_000_000);
    }

    /** The slots that lie within this stretch as a whole: the first, and the first after them. Empty if there are none. */
    List<Long> slots(long seconds) {
        long first = from == Long.MIN_VALUE ? Long.MIN_VALUE : slot(from - 1, seconds) + 1;
        long end = until == Long.MAX_VALUE ? Long.MAX_VALUE : slot(until, seconds);
        return first < end ? List.of(first, end) : List.of();
    }

    /** What remains beside the slots that lie within this stretch as a whole. */
    List<Times> edges(long seconds) {
        List<Long> slots = slots(seconds);
        if (slots.isEmpty()) {
            return List.of(this);
        }
        List<Times> edges = new ArrayList<>();
        if (from != Long.MIN_VALUE) {
            edges.add(new Times(from, slots.get(0) * seconds * 1_000_000));
        }
        if (until != Long.MAX_VALUE) {
            edges.add(new Times(slots.get(1) * seconds * 1_000_000, until));
        }
        edges.removeIf(Times::isEmpty);
        return edges;
    }

    Times notBefore(long micros) {
        return new Times(Math.max(from, micros), until);
    }
}
