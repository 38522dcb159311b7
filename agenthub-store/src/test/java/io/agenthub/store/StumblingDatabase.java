package io.agenthub.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/** Fails as only a mistake in the program can, or a machine without memory, as often as it is told to. */
final class StumblingDatabase extends DelegatingDatabase {
    final AtomicInteger commits = new AtomicInteger();
    final AtomicInteger chores = new AtomicInteger();

    private final boolean outOfMemory;

    StumblingDatabase(Database real, boolean outOfMemory) {
        super(real);
        this.outOfMemory = outOfMemory;
    }

    private void stumble(AtomicInteger times) {
        if (times.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
            return;
        }
        if (outOfMemory) {
            throw new OutOfMemoryError("Java heap space");
        }
        throw new IllegalStateException("a mistake");
    }

    @Override
    public void commit(Connection writer) throws SQLException {
        stumble(commits);
        super.commit(writer);
    }

    @Override
    public boolean giveBack(Connection writer) throws SQLException {
        stumble(chores);
        return super.giveBack(writer);
    }
}
