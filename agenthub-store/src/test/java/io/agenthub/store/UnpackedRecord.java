package io.agenthub.store;

import io.agenthub.store.Scalpel.Cut;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/** Turns a record into what earlier versions wrote: a row for each activity. */
final class UnpackedRecord {
    private final Connection connection;
    private final Names names;

    private UnpackedRecord(Connection connection) throws SQLException {
        this.connection = connection;
        this.names = new Names(connection);
    }

    /**
     * Turns it, up to the number of the version.
     *
     * @param blob how the database calls bytes
     * @return the link of the newest, which is not what it was: earlier versions had one form of links only
     */
    static Hash unpack(Connection connection, String blob) throws SQLException {
        UnpackedRecord record = new UnpackedRecord(connection);
        Scalpel segments = new Scalpel(connection);
        Hash head = segments.relink(Form.SPELLED);
        segments.execute("CREATE TABLE activity (seq bigint PRIMARY KEY, at bigint NOT NULL, kind smallint NOT NULL,"
                + " client bigint, peer text, server bigint, method bigint, tool bigint, era text,"
                + " outcome bigint NOT NULL, status smallint, nanos bigint NOT NULL, latency smallint NOT NULL,"
                + " bytes_in bigint NOT NULL, bytes_out bigint NOT NULL, request_id text, breaker smallint,"
                + " detail bigint, request text, response text, hash " + blob + " NOT NULL, request_hash " + blob
                + ")");
        for (Cut cut : segments.all()) {
            record.insert(cut);
        }
        segments.execute("DROP TABLE segment");
        segments.execute("DROP TABLE request_ids");
        segments.execute("ALTER TABLE chain DROP COLUMN summed");
        return head;
    }

    private void insert(Cut cut) throws SQLException {
        Entry entry = cut.entry();
        EntryDraft parts = EntryDraft.of(entry);
        Shape shape = entry.shape();
        try (PreparedStatement row =
                connection.prepareStatement("INSERT INTO activity (seq, at, kind, client, peer, server,"
                        + " method, tool, era, outcome, status, nanos, latency, bytes_in, bytes_out, request_id, breaker, detail,"
                        + " request, response, hash, request_hash)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            row.setLong(1, cut.sequence());
            row.setLong(2, entry.micros());
            row.setInt(3, Codes.of(shape.kind()));
            number(row, 4, names.idOrNone(shape.client()));
            row.setString(5, shape.peer());
            number(row, 6, names.idOrNone(shape.server()));
            number(row, 7, names.idOrNone(shape.method()));
            number(row, 8, names.idOrNone(shape.tool()));
            row.setString(9, shape.era());
            row.setLong(10, names.id(shape.outcome()));
            number(row, 11, shape.status());
            row.setLong(12, parts.nanos);
            row.setInt(13, Latencies.classOf(parts.nanos));
            row.setLong(14, parts.bytesIn);
            row.setLong(15, parts.bytesOut);
            row.setString(16, parts.requestId);
            if (shape.breaker() == null) {
                row.setNull(17, Types.SMALLINT);
            } else {
                row.setInt(17, Codes.of(shape.breaker()));
            }
            number(row, 18, names.idOrNone(shape.detail()));
            row.setString(19, text(parts.request));
            row.setString(20, text(parts.response));
            row.setBytes(21, cut.link().bytes());
            row.setBytes(22, parts.requestHash);
            row.executeUpdate();
        }
    }

    private static void number(PreparedStatement row, int index, long value) throws SQLException {
        if (value == 0) {
            row.setNull(index, Types.BIGINT);
        } else {
            row.setLong(index, value);
        }
    }

    private static @Nullable String text(byte @Nullable [] body) {
        return body == null ? null : new String(body, StandardCharsets.UTF_8);
    }
}
