package io.agenthub.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Cuts a record open, for tests that change it behind the store's back: a segment for each activity, and whole ones again. */
final class Scalpel {
    private final Connection connection;

    Scalpel(Connection connection) {
        this.connection = connection;
    }

    /** An activity as it stands in the record. */
    record Cut(long sequence, Entry entry, Hash link, Form form) {

        Cut with(Hash other) {
            return new Cut(sequence, entry, other, form);
        }

        Cut with(UnaryOperator<EntryDraft> change) {
            return new Cut(sequence, change.apply(EntryDraft.of(entry)).entry(), link, form);
        }
    }

    List<Cut> all() throws SQLException {
        List<Cut> cuts = new ArrayList<>();
        try (Segments segments = new Segments(connection)) {
            segments.within(new Extent(-1, Long.MAX_VALUE), segment -> {
                for (int i = 0; i < segment.count(); i++) {
                    cuts.add(new Cut(segment.sequence(i), segment.entry(i), segment.link(i), segment.form()));
                }
                return true;
            });
        }
        return cuts;
    }

    /** Gives each activity a segment of its own. */
    void open() throws SQLException {
        List<Cut> cuts = all();
        execute("DELETE FROM segment");
        for (Cut cut : cuts) {
            insert(cut);
        }
    }

    Cut at(long sequence) throws SQLException {
        return all().stream()
                .filter(cut -> cut.sequence() == sequence)
                .findFirst()
                .orElseThrow();
    }

    /** Puts an activity, in a segment of its own, where it says. */
    void insert(Cut cut) throws SQLException {
        Segment.Packer packer = new Segment.Packer(cut.form());
        packer.add(cut.entry(), cut.link());
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO segment (first, last, data) VALUES (?, ?, ?)")) {
            insert.setLong(1, cut.sequence());
            insert.setLong(2, cut.sequence());
            insert.setBytes(3, packer.pack());
            insert.executeUpdate();
        }
    }

    /** Puts an activity in the place of the one that is there; the record must be open. */
    void replace(Cut cut) throws SQLException {
        execute("DELETE FROM segment WHERE first = " + cut.sequence());
        insert(cut);
    }

    /** Makes segments of several activities again. */
    void close() throws SQLException {
        List<Cut> cuts = all();
        execute("DELETE FROM segment");
        for (Form form : Form.values()) {
            try (SegmentWriter writer = new SegmentWriter(connection, form)) {
                for (Cut cut : cuts) {
                    if (cut.form() == form) {
                        writer.add(cut.entry(), cut.sequence(), cut.link());
                    }
                }
                writer.flush();
            }
        }
    }

    /** Makes all links anew, in one of the forms, and the head with them, as they would be had it always been so. */
    Hash relink(Form form) throws SQLException {
        Chain chain = new Chain();
        Hash link = ChainRow.read(connection).anchorHash();
        List<Cut> cuts = all();
        execute("DELETE FROM segment");
        try (SegmentWriter writer = new SegmentWriter(connection, form)) {
            for (Cut cut : cuts) {
                link = chain.link(link, cut.entry(), cut.sequence(), form);
                writer.add(cut.entry(), cut.sequence(), link);
            }
            writer.flush();
        }
        try (PreparedStatement update = connection.prepareStatement("UPDATE chain SET head_hash = ?")) {
            update.setBytes(1, link.bytes());
            update.executeUpdate();
        }
        return link;
    }

    void execute(String command) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(command);
        }
    }
}
