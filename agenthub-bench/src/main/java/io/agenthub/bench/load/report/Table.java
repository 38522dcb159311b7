package io.agenthub.bench.load.report;

import java.util.ArrayList;
import java.util.List;

/**
 * How a scenario's numbers are laid out: one row for each point, one column for each number.
 *
 * @param title a heading
 * @param text what was done, in a few sentences
 * @param scenario the scenario's id
 * @param scale what the points are
 * @param points the rows
 * @param columns the columns
 */
public record Table(
        String title, String text, String scenario, String scale, List<String> points, List<Column> columns) {

    /**
     * One column.
     *
     * @param heading its heading, with the unit
     * @param subject whose numbers
     * @param metric which numbers
     */
    public record Column(String heading, String subject, String metric) {}

    /** Copies rows and columns. */
    public Table {
        points = List.copyOf(points);
        columns = List.copyOf(columns);
    }

    /** The table as Markdown; rows without any number are left out. */
    String render(Measurements measurements) {
        StringBuilder out = new StringBuilder("### " + title + "\n\n" + text.strip() + "\n\n| " + scale + " |");
        columns.forEach(column -> out.append(' ').append(column.heading()).append(" |"));
        out.append("\n|---|").append("---:|".repeat(columns.size())).append('\n');
        boolean any = false;
        for (String point : points) {
            List<String> cells = new ArrayList<>();
            for (Column column : columns) {
                cells.add(measurements
                        .stat(new Series(scenario, point, column.subject(), column.metric()))
                        .map(stat -> Numbers.withSpread(stat, ""))
                        .orElse("-"));
            }
            if (cells.stream().anyMatch(cell -> !cell.equals("-"))) {
                any = true;
                out.append("| ")
                        .append(point)
                        .append(" | ")
                        .append(String.join(" | ", cells))
                        .append(" |\n");
            }
        }
        return any ? out.toString() : "";
    }
}
