package io.agenthub.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/** What is summed up in each table of sums. */
final class Sums {
    private long n;
    private long failed;
    private long nanos;
    private long bytesIn;
    private long bytesOut;

    void add(Entry entry, int times) {
        Packed numbers = entry.numbers();
        n += times;
        failed += entry.shape().failed() ? times : 0;
        nanos += times * numbers.number();
        bytesIn += times * numbers.number();
        bytesOut += times * numbers.number();
    }

    void add(Segment segment, int index) {
        n++;
        failed += segment.shape(index).failed() ? 1 : 0;
        nanos += segment.nanos(index);
        bytesIn += segment.bytesIn(index);
        bytesOut += segment.bytesOut(index);
    }

    void clear() {
        n = 0;
        failed = 0;
        nanos = 0;
        bytesIn = 0;
        bytesOut = 0;
    }

    void add(Sums more) {
        n += more.n;
        failed += more.failed;
        nanos += more.nanos;
        bytesIn += more.bytesIn;
        bytesOut += more.bytesOut;
    }

    void bind(PreparedStatement add, int first) throws SQLException {
        add.setLong(first, n);
        add.setLong(first + 1, failed);
        add.setLong(first + 2, nanos);
        add.setLong(first + 3, bytesIn);
        add.setLong(first + 4, bytesOut);
    }

    /** As values of SQL, in the order of the columns. */
    @Override
    public String toString() {
        return n + ", " + failed + ", " + nanos + ", " + bytesIn + ", " + bytesOut;
    }
}
