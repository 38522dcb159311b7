package io.agenthub.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Sums of activities that were looked at one by one, in the form in which the tables of sums hold theirs. For one query. */
final class Tuples {
    private final Connection connection;
    private final Map<String, Long> names = new HashMap<>();
    private final TreeMap<Key, Sums> sums = new TreeMap<>();

    private record Key(long a, long b) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            return a != other.a ? Long.compare(a, other.a) : Long.compare(b, other.b);
        }
    }

    Tuples(Connection connection) {
        this.connection = connection;
    }

    void add(long a, long b, Segment segment, int index) {
        sums.computeIfAbsent(new Key(a, b), none -> new Sums()).add(segment, index);
    }

    /** Forgets the least keys, beyond so many. */
    void keepGreatest(int most) {
        while (sums.size() > most) {
            sums.pollFirstEntry();
        }
    }

    /** The number of a name; 0 for none, and for one that nobody knows. */
    long id(@Nullable String name) throws SQLException {
        if (name == null) {
            return 0;
        }
        Long known = names.get(name);
        if (known == null) {
            known = Names.find(connection, name).orElse(0);
            names.put(name, known);
        }
        return known;
    }

    /** Selects a, b, n, failed, nanos, bytes_in and bytes_out. */
    Condition select() {
        String columns = "SELECT column1 AS a, column2 AS b, column3 AS n, column4 AS failed, column5 AS nanos,"
                + " column6 AS bytes_in, column7 AS bytes_out FROM (VALUES ";
        if (sums.isEmpty()) {
            return Condition.of(columns + "(0, 0, 0, 0, 0, 0, 0)) AS one WHERE column3 > 0");
        }
        return Condition.of(sums.entrySet().stream()
                .map(entry -> "(" + entry.getKey().a + ", " + entry.getKey().b + ", " + entry.getValue() + ")")
                .collect(Collectors.joining(", ", columns, ") AS looked")));
    }
}
