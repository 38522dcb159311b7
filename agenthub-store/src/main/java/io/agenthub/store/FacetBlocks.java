package io.agenthub.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The blocks that a query for marks leads to: columns {@code block} and {@code m0} to {@code m3}, newest first. */
final class FacetBlocks extends MarkedBlock {
    private static final int FETCHED = 64;

    private final PreparedStatement select;
    private final ResultSet row;

    FacetBlocks(Connection connection, Condition query) throws SQLException {
        select = connection.prepareStatement(query.sql());
        try {
            select.setFetchSize(FETCHED);
            query.bind(select);
            row = select.executeQuery();
        } catch (SQLException e) {
            select.close();
            throw e;
        }
    }

    @Override
    public boolean next() throws SQLException {
        if (!row.next()) {
            return false;
        }
        block = row.getLong(1);
        for (int i = 0; i < Facets.WORDS; i++) {
            marks[i] = row.getLong(2 + i);
        }
        return true;
    }

    @Override
    public void close() throws SQLException {
        select.close();
    }
}
