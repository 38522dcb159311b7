package io.agenthub.bench.load.report;

import java.util.List;
import java.util.stream.Collectors;

/**
 * How a scenario's numbers are laid out. Either rows or columns say whose numbers they are: the other has an empty subject.
 *
 * @param title a heading
 * @param text what was done, in a few sentences
 * @param scenario the scenario's id
 * @param scale what the rows are
 * @param rows the rows
 * @param columns the columns
 */
public record Table(String title, String text, String scenario, String scale, List<Row> rows, List<Column> columns) {

    /**
     * One row.
     *
     * @param heading its heading
     * @param point which point
     * @param subject whose numbers, or empty
     */
    public record Row(String heading, String point, String subject) {

        /**
         * A row for a point.
         *
         * @param point its heading, too
         * @return the row
         */
        public static Row of(String point) {
            return new Row(point, point, "");
        }
    }

    /**
     * One column.
     *
     * @param heading its heading, with the unit
     * @param subject whose numbers, or empty
     * @param metric which numbers
     */
    public record Column(String heading, String subject, String metric) {

        /**
         * A column for a metric.
         *
         * @param heading its heading, with the unit
         * @param metric which numbers
         * @return the column
         */
        public static Column of(String heading, String metric) {
            return new Column(heading, "", metric);
        }
    }

    private static final String NOTHING = "-";

    /** Copies rows and columns. */
    public Table {
        rows = List.copyOf(rows);
        columns = List.copyOf(columns);
    }

    /** The table as Markdown; rows without any number are left out, and so is a table without rows. */
    String render(Measurements measurements) {
        String lines = rows.stream()
                .map(row -> line(row, measurements))
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining());
        if (lines.isEmpty()) {
            return "";
        }
        String headings = columns.stream().map(Column::heading).collect(Collectors.joining(" | "));
        return "### " + title + "\n\n" + (text.isEmpty() ? "" : text.strip() + "\n\n") + "| " + scale + " | " + headings
                + " |\n|---|" + "---:|".repeat(columns.size()) + "\n" + lines;
    }

    private String line(Row row, Measurements measurements) {
        List<String> cells =
                columns.stream().map(column -> cell(row, column, measurements)).toList();
        boolean empty = cells.stream().allMatch(NOTHING::equals);
        return empty ? "" : "| " + row.heading() + " | " + String.join(" | ", cells) + " |\n";
    }

    private String cell(Row row, Column column, Measurements measurements) {
        String subject = row.subject() + column.subject();
        return measurements
                .stat(new Series(scenario, row.point(), subject, column.metric()))
                .map(stat -> Numbers.withSpread(stat, ""))
                .orElse(NOTHING);
    }
}
