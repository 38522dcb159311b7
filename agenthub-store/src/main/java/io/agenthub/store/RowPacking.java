package io.agenthub.store;

import io.agenthub.api.activity.Activity.Kind;
import io.agenthub.api.breaker.BreakerState;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Packs the activities of an earlier version, which had a row for each. Their links are taken over as they are, so that what was
 * changed before shows afterwards, too.
 */
final class RowPacking {
    private static final int FETCHED = 2_000;
    private static final String SELECT =
            "SELECT a.seq, a.at, a.kind, c.text, a.peer, s.text, m.text, t.text, a.era, o.text,"
                    + " a.status, a.nanos, a.bytes_in, a.bytes_out, a.request_id, a.breaker, d.text, a.request, a.response,"
                    + " a.request_hash, a.hash FROM activity a"
                    + " LEFT JOIN name c ON c.id = a.client LEFT JOIN name s ON s.id = a.server"
                    + " LEFT JOIN name m ON m.id = a.method LEFT JOIN name t ON t.id = a.tool"
                    + " LEFT JOIN name o ON o.id = a.outcome LEFT JOIN name d ON d.id = a.detail ORDER BY a.seq";

    private RowPacking() {}

    /** Moves all activities, if there can be any, and drops their table, within the transaction at hand. */
    static void pack(Connection connection, boolean fresh) throws SQLException {
        if (!fresh) {
            move(connection);
        }
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("DROP TABLE activity");
        }
    }

    private static void move(Connection connection) throws SQLException {
        long first = 0;
        long last = 0;
        try (PreparedStatement select = connection.prepareStatement(SELECT);
                SegmentWriter segments = new SegmentWriter(connection, Form.SPELLED)) {
            select.setFetchSize(FETCHED);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    long sequence = row.getLong(1);
                    segments.add(entry(row), sequence, Hash.of(row.getBytes(21)));
                    first = first == 0 ? sequence : first;
                    last = sequence;
                }
            }
            segments.flush();
        }
        if (last > 0) {
            RequestIds.seal(connection, first, last);
        }
    }

    private static Entry entry(ResultSet row) throws SQLException {
        Bytes own = new Bytes(256);
        Entry.packNumbers(row.getLong(12), row.getLong(13), row.getLong(14), own);
        Entry.packRest(row.getString(15), row.getBytes(20), utf8(row.getString(18)), utf8(row.getString(19)), own);
        return new Entry(shape(row), row.getLong(2), own.copy());
    }

    private static Shape shape(ResultSet row) throws SQLException {
        Shape.Builder shape = new Shape.Builder();
        shape.kind = Objects.requireNonNullElse(Codes.kind(row.getInt(3)), Kind.GAP);
        shape.client = row.getString(4);
        shape.peer = row.getString(5);
        shape.server = row.getString(6);
        shape.method = row.getString(7);
        shape.tool = row.getString(8);
        shape.era = row.getString(9);
        shape.outcome = Objects.requireNonNullElse(row.getString(10), "");
        shape.status = row.getInt(11);
        int breaker = row.getInt(16);
        shape.breaker = row.wasNull() ? null : Objects.requireNonNullElse(Codes.breaker(breaker), BreakerState.CLOSED);
        shape.detail = row.getString(17);
        return shape.build();
    }

    private static byte @Nullable [] utf8(@Nullable String body) {
        return body == null ? null : body.getBytes(StandardCharsets.UTF_8);
    }
}
