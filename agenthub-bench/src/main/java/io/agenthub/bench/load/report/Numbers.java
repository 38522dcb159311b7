package io.agenthub.bench.load.report;

import java.util.Locale;

/** Numbers as a report prints them: three digits, more only before the point. */
final class Numbers {
    private Numbers() {}

    static String format(double value) {
        double size = Math.abs(value);
        if (size >= 100 || value == Math.rint(value)) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.3f", value);
    }

    /** The median with its unit, and the range where there was more than one round. */
    static String withSpread(Stat stat, String unit) {
        String median = format(stat.median()) + (unit.isEmpty() || unit.equals("x") ? unit : " " + unit);
        return stat.count() < 2 ? median : median + " (" + format(stat.least()) + "–" + format(stat.most()) + ")";
    }
}
