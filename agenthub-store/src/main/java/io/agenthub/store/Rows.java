package io.agenthub.store;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.rpc.JsonText;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Rows of the table {@code activity}, called {@code a}, as activities. */
final class Rows {
    static final String COLUMNS =
            "a.seq, a.at, a.kind, c.text, a.peer, s.text, m.text, t.text, a.era, o.text, a.status, a.nanos,"
                    + " a.bytes_in, a.bytes_out, a.request_id, a.breaker, d.text, a.request, a.response,"
                    + " a.request_hash";
    static final String JOINS = "LEFT JOIN name c ON c.id = a.client LEFT JOIN name s ON s.id = a.server"
            + " LEFT JOIN name m ON m.id = a.method LEFT JOIN name t ON t.id = a.tool"
            + " LEFT JOIN name o ON o.id = a.outcome LEFT JOIN name d ON d.id = a.detail";

    private Rows() {}

    static Activity activity(ResultSet row) throws SQLException {
        Activity.Builder activity = Activity.builder(Codes.kind(row.getInt(3)), Entry.instant(row.getLong(2)))
                .sequence(row.getLong(1))
                .client(row.getString(4))
                .peer(row.getString(5))
                .server(row.getString(6))
                .method(row.getString(7))
                .tool(row.getString(8))
                .era(row.getString(9))
                .outcome(Objects.requireNonNullElse(row.getString(10), ""))
                .httpStatus(status(row.getInt(11)))
                .durationNanos(row.getLong(12))
                .bytes(row.getLong(13), row.getLong(14))
                .requestId(row.getString(15))
                .requestHash(hash(row.getBytes(20)))
                .detail(row.getString(17))
                .request(body(row.getString(18)))
                .response(body(row.getString(19)));
        int breaker = row.getInt(16);
        return (row.wasNull() ? activity : activity.breaker(Codes.breaker(breaker))).build();
    }

    /** A row that was changed may hold anything; it must still be shown. */
    private static int status(int status) {
        return status >= 100 && status <= 999 ? status : 0;
    }

    private static @Nullable String hash(byte @Nullable [] bytes) {
        return bytes == null ? null : HexFormat.of().formatHex(bytes);
    }

    private static @Nullable JsonText body(@Nullable String json) {
        return json == null ? null : JsonText.trusted(json.getBytes(StandardCharsets.UTF_8));
    }
}
