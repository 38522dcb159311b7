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

    void add(Rollup.Facts facts, int times) {
        n += times;
        failed += facts.failed() ? times : 0;
        nanos += times * facts.nanos();
        bytesIn += times * facts.bytesIn();
        bytesOut += times * facts.bytesOut();
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
}
