package io.agenthub.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;

/** A column of {@code activity} with values that recur, by which activities are found. */
enum Facet {
    OUTCOME(Rollup.OUTCOME),
    SERVER(Rollup.SERVER),
    CLIENT(Rollup.CLIENT),
    TOOL(Rollup.TOOL),
    METHOD(Rollup.METHOD),
    STATUS(Rollup.STATUS),
    KIND(8),
    DETAIL(9);

    /** The facets whose values are names, as a list in SQL. */
    static final String NAMES = "(1, 2, 3, 4, 5, 9)";

    private final int dim;

    Facet(int dim) {
        this.dim = dim;
    }

    /** As it stands in the table {@code facet}; the dimension of its sums, if there are any. */
    int dim() {
        return dim;
    }

    String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What a cell has in this column; 0 if that leads nowhere: because there is nothing, or what nearly all have. */
    long of(Cell cell) {
        return switch (this) {
            case OUTCOME -> cell.outcome();
            case SERVER -> cell.server();
            case CLIENT -> cell.client();
            case TOOL -> cell.tool();
            case METHOD -> cell.method();
            case STATUS -> cell.status();
            case KIND -> cell.kind();
            case DETAIL -> cell.detail();
        };
    }

    Value value(long value) {
        return new Value(this, value);
    }

    /** One value of a facet. */
    record Value(Facet facet, long value) {

        Condition ofCells() {
            return Condition.of(facet.column() + " = " + value);
        }

        Condition ofSums() {
            return Condition.of((facet == TOOL ? "b = " : "a = ") + value);
        }

        /** How often it was there in the last two days that were written, which is guess enough; 0 if nobody counts. */
        long recent(Connection connection) throws SQLException {
            if (facet == KIND || facet == DETAIL) {
                return 0;
            }
            return Numbers.one(
                            connection,
                            Condition.of("SELECT sum(n) FROM rollup_day WHERE dim = " + facet.dim + " AND slot >= "
                                            + "(SELECT max(slot) - 1 FROM rollup_day WHERE dim = " + facet.dim
                                            + ") AND ")
                                    .then(ofSums()))
                    .orElse(0);
        }
    }
}
