package io.agenthub.store;

import java.sql.Connection;
import java.sql.SQLException;

/** Commits each transaction of activities, and loses the connection before the first word of each is heard. */
final class ForgetfulDatabase extends DelegatingDatabase {
    private int commits;

    ForgetfulDatabase(Database real) {
        super(real);
    }

    @Override
    public void commit(Connection writer) throws SQLException {
        super.commit(writer);
        if (++commits % 2 == 1) {
            writer.close();
            throw new SQLException("the connection broke", "08006");
        }
    }
}
