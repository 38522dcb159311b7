package io.agenthub.bench.load.report;

import java.util.List;

/**
 * The report as Markdown: a page that nobody edits by hand.
 *
 * @param command what was run to make it
 * @param surroundings where it was made
 * @param targets what is promised
 * @param tables what was measured
 * @param chartFile the picture beside it
 */
public record MarkdownReport(
        String command, Surroundings surroundings, List<Target> targets, List<Table> tables, String chartFile) {

    /** Copies targets and tables. */
    public MarkdownReport {
        targets = List.copyOf(targets);
        tables = List.copyOf(tables);
    }

    /**
     * Writes the page.
     *
     * @param measurements everything that was measured
     * @return Markdown
     */
    public String render(Measurements measurements) {
        StringBuilder out = new StringBuilder();
        out.append("# Benchmarks\n\n");
        out.append("Written by `").append(command).append("`; never edited by hand. ");
        out.append("A number is the median of what was measured, with the least and the most of it in brackets; ");
        out.append(
                "ratios are taken within a turn or a round, so that what disturbs the machine disturbs both sides. ");
        out.append("Every answer's id and payload was checked.\n\n");
        out.append("![Throughput and latency](").append(chartFile).append(")\n\n");
        out.append("## Where\n\n| | |\n|---|---|\n");
        surroundings
                .lines()
                .forEach((name, value) -> out.append("| ")
                        .append(name)
                        .append(" | ")
                        .append(value)
                        .append(" |\n"));
        out.append("\n## Targets\n\n");
        long met =
                targets.stream().filter(target -> isMet(target, measurements)).count();
        out.append(met).append(" of ").append(targets.size()).append(" met.\n\n");
        out.append("| Target | Measured | Verdict |\n|---|---|---|\n");
        for (Target target : targets) {
            out.append("| ").append(target.sentence());
            out.append(" | ").append(target.measured(measurements));
            out.append(" | ").append(target.judge(measurements).text()).append(" |\n");
        }
        out.append("\n## Measurements\n");
        for (Table table : tables) {
            String rendered = table.render(measurements);
            if (!rendered.isEmpty()) {
                out.append('\n').append(rendered);
            }
        }
        return out.toString();
    }

    private static boolean isMet(Target target, Measurements measurements) {
        Verdict verdict = target.judge(measurements);
        return verdict == Verdict.MET || verdict == Verdict.MET_MOSTLY;
    }
}
