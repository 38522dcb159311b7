package io.agenthub.api.activity;

import io.agenthub.api.rpc.JsonText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Activities and what is known of them as JSON. */
final class ActivityJson {
    private static final String HEX = "0123456789abcdef";

    private ActivityJson() {}

    static JsonText activity(Activity activity) {
        StringBuilder out = new StringBuilder(256);
        write(activity, out);
        return text(out);
    }

    static void write(Activity activity, StringBuilder out) {
        out.append("{\"sequence\":").append(activity.sequence());
        out.append(",\"at\":\"").append(activity.at());
        out.append("\",\"kind\":\"").append(activity.kind()).append('"');
        member("client", activity.client(), out);
        member("peer", activity.peer(), out);
        member("server", activity.server(), out);
        member("method", activity.method(), out);
        member("tool", activity.tool(), out);
        member("era", activity.era(), out);
        member("outcome", Optional.of(activity.outcome()), out);
        activity.httpStatus().ifPresent(status -> out.append(",\"httpStatus\":").append(status));
        out.append(",\"durationMs\":");
        millis(activity.duration(), out);
        out.append(",\"bytesIn\":").append(activity.bytesIn());
        out.append(",\"bytesOut\":").append(activity.bytesOut());
        member("requestId", activity.requestId(), out);
        member("requestHash", activity.requestHash(), out);
        member("breaker", activity.breaker().map(Enum::name), out);
        member("detail", activity.detail(), out);
        activity.request().ifPresent(body -> out.append(",\"request\":").append(body.singleLine()));
        activity.response().ifPresent(body -> out.append(",\"response\":").append(body.singleLine()));
        out.append('}');
    }

    static JsonText page(ActivityPage page) {
        StringBuilder out = new StringBuilder(256 * (page.activities().size() + 1));
        out.append("{\"activities\":");
        array(page.activities(), (activity, sink) -> write(activity, sink), out);
        page.next().ifPresent(next -> out.append(",\"next\":").append(next));
        page.total()
                .ifPresent(total -> out.append(",\"total\":")
                        .append(total)
                        .append(",\"totalIsExact\":")
                        .append(page.totalIsExact()));
        return text(out.append('}'));
    }

    static JsonText stats(ActivityStats stats) {
        StringBuilder out = new StringBuilder(1_024);
        out.append("{\"total\":").append(stats.total());
        out.append(",\"bytesIn\":").append(stats.bytesIn());
        out.append(",\"bytesOut\":").append(stats.bytesOut());
        latency(stats.latency(), out.append(",\"latencyMs\":"));
        counts(stats.outcomes(), out.append(",\"outcomes\":"));
        counts(stats.servers(), out.append(",\"servers\":"));
        counts(stats.clients(), out.append(",\"clients\":"));
        array(stats.tools(), ActivityJson::tool, out.append(",\"tools\":"));
        array(stats.series(), ActivityJson::slot, out.append(",\"series\":"));
        return text(out.append('}'));
    }

    private static void latency(ActivityStats.Latency latency, StringBuilder out) {
        millis(latency.p50(), out.append("{\"p50\":"));
        millis(latency.p95(), out.append(",\"p95\":"));
        millis(latency.p99(), out.append(",\"p99\":"));
        millis(latency.max(), out.append(",\"max\":"));
        out.append('}');
    }

    private static void counts(Map<String, Long> counts, StringBuilder out) {
        char separator = '{';
        for (Map.Entry<String, Long> count : counts.entrySet()) {
            quote(count.getKey(), out.append(separator));
            out.append(':').append(count.getValue());
            separator = ',';
        }
        out.append(separator == '{' ? "{}" : "}");
    }

    private static void tool(ActivityStats.ToolUse use, StringBuilder out) {
        quote(use.server(), out.append("{\"server\":"));
        quote(use.tool(), out.append(",\"tool\":"));
        out.append(",\"calls\":").append(use.calls()).append(",\"failures\":").append(use.failures());
        millis(use.mean(), out.append(",\"meanMs\":"));
        out.append('}');
    }

    private static void slot(ActivityStats.Slot slot, StringBuilder out) {
        out.append("{\"start\":\"").append(slot.start());
        out.append("\",\"count\":").append(slot.count());
        out.append(",\"failures\":").append(slot.failures()).append('}');
    }

    static JsonText verification(Verification verification) {
        StringBuilder out = new StringBuilder(512);
        out.append("{\"intact\":").append(verification.intact());
        out.append(",\"checked\":").append(verification.checked());
        out.append(",\"headsChecked\":").append(verification.headsChecked());
        verification
                .fault()
                .ifPresent(fault -> out.append(",\"fault\":{\"sequence\":")
                        .append(fault.sequence())
                        .append(",\"problem\":\"")
                        .append(fault.problem())
                        .append("\"}"));
        verification.anchor().ifPresent(anchor -> head(anchor, out.append(",\"anchor\":")));
        verification.head().ifPresent(head -> head(head, out.append(",\"head\":")));
        return text(out.append('}'));
    }

    private static void head(ChainHead head, StringBuilder out) {
        out.append("{\"sequence\":").append(head.sequence());
        out.append(",\"at\":\"").append(head.at());
        out.append("\",\"hash\":\"").append(head.hash()).append("\"}");
    }

    private static <T> void array(Iterable<T> elements, BiConsumer<T, StringBuilder> writer, StringBuilder out) {
        char separator = '[';
        for (T element : elements) {
            writer.accept(element, out.append(separator));
            separator = ',';
        }
        out.append(separator == '[' ? "[]" : "]");
    }

    /** Milliseconds with three decimals, without the cost of a formatter. */
    static void millis(Duration duration, StringBuilder out) {
        long micros = Math.max(0, duration.toNanos() / 1_000);
        int rest = (int) (micros % 1_000);
        out.append(micros / 1_000).append('.');
        out.append((char) ('0' + rest / 100))
                .append((char) ('0' + rest / 10 % 10))
                .append((char) ('0' + rest % 10));
    }

    private static void member(String name, Optional<String> value, StringBuilder out) {
        if (value.isPresent()) {
            quote(value.get(), out.append(",\"").append(name).append("\":"));
        }
    }

    private static void quote(String value, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (isUnprintable(c) || isLoneSurrogate(value, i)) {
                escape(c, out);
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    /** Control characters, line and paragraph separators, and those that change the direction of text. */
    static boolean isUnprintable(char c) {
        return c < 0x20
                || (c >= 0x7f && c <= 0x9f)
                || (c >= 0x2028 && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069)
                || c == 0xfeff;
    }

    private static boolean isLoneSurrogate(String value, int i) {
        char c = value.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == value.length() || !Character.isLowSurrogate(value.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(value.charAt(i - 1)));
    }

    static void escape(char c, StringBuilder out) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(HEX.charAt(c >> shift & 0xf));
        }
    }

    private static JsonText text(StringBuilder out) {
        return JsonText.trusted(out.toString().getBytes(StandardCharsets.UTF_8));
    }
}
