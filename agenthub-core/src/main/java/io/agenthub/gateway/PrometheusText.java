package io.agenthub.gateway;

import io.agenthub.api.monitor.Latency;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes metrics in Prometheus's text format 0.0.4. Used by one thread, once.
 *
 * <p>A family is opened with its help and type; all its samples follow before the next is opened, as the format asks for.
 */
final class PrometheusText {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringBuilder out = new StringBuilder(8_192);

    /** The samples of one family. */
    final class Family {
        private final String name;

        private Family(String name) {
            this.name = name;
        }

        /** A sample with labels, names and values in turn. */
        Family add(double value, String... labels) {
            return sample("", number(value), labels);
        }

        /** A sample that counts. */
        Family add(long value, String... labels) {
            return sample("", Long.toString(value), labels);
        }

        /** The samples of a histogram: each bucket with all smaller ones in it, the sum and the count. */
        Family add(Latency latency, String... labels) {
            String[] bounded = Arrays.copyOf(labels, labels.length + 2);
            bounded[labels.length] = "le";
            long below = 0;
            List<Long> counts = latency.counts();
            for (int i = 0; i < counts.size(); i++) {
                below += counts.get(i);
                bounded[labels.length + 1] =
                        i < Latency.BOUNDS.size() ? number(seconds(Latency.BOUNDS.get(i))) : "+Inf";
                sample("_bucket", Long.toString(below), bounded);
            }
            sample("_sum", number(seconds(latency.total())), labels);
            return sample("_count", Long.toString(below), labels);
        }

        private Family sample(String suffix, String value, String... labels) {
            out.append(name).append(suffix);
            for (int i = 0; i < labels.length; i += 2) {
                out.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
                escape(labels[i + 1], true);
                out.append('"');
            }
            out.append(labels.length == 0 ? " " : "} ").append(value).append('\n');
            return this;
        }
    }

    /** Something that only grows, until its process ends; the name has the suffix {@code _total}. */
    void counter(String name, String help, Consumer<Family> samples) {
        family(name, help, "counter", samples);
    }

    /** Something that goes up and down. */
    void gauge(String name, String help, Consumer<Family> samples) {
        family(name, help, "gauge", samples);
    }

    /** How long things took. */
    void histogram(String name, String help, Consumer<Family> samples) {
        family(name, help, "histogram", samples);
    }

    private void family(String name, String help, String type, Consumer<Family> samples) {
        out.append("# HELP ").append(name).append(' ');
        escape(help, false);
        out.append("\n# TYPE ").append(name).append(' ').append(type).append('\n');
        samples.accept(new Family(name));
    }

    private void escape(String text, boolean quoted) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '"' -> out.append(quoted ? "\\\"" : "\"");
                default -> out.append(c);
            }
        }
    }

    static double seconds(Duration span) {
        return span.toNanos() / 1e9;
    }

    private static String number(double value) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
        }
        if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
            return Long.toString((long) value);
        }
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
