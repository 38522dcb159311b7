package io.agenthub.api.activity;

import io.agenthub.api.rpc.JsonText;
import java.util.Optional;

/** Activities as comma-separated values. */
final class ActivityCsv {
    static final String HEADER =
            "sequence,at,kind,client,peer,server,method,tool,era,outcome,httpStatus,durationMs,bytesIn,"
                    + "bytesOut,requestId,requestHash,breaker,detail,request,response\r\n";

    private ActivityCsv() {}

    static void write(Activity activity, StringBuilder out) {
        out.append(activity.sequence())
                .append(',')
                .append(activity.at())
                .append(',')
                .append(activity.kind());
        text(activity.client(), out);
        text(activity.peer(), out);
        text(activity.server(), out);
        text(activity.method(), out);
        text(activity.tool(), out);
        text(activity.era(), out);
        text(Optional.of(activity.outcome()), out);
        out.append(',');
        activity.httpStatus().ifPresent(out::append);
        out.append(',');
        ActivityJson.millis(activity.duration(), out);
        out.append(',').append(activity.bytesIn()).append(',').append(activity.bytesOut());
        text(activity.requestId(), out);
        text(activity.requestHash(), out);
        text(activity.breaker().map(Enum::name), out);
        text(activity.detail(), out);
        text(activity.request().map(JsonText::toString), out);
        text(activity.response().map(JsonText::toString), out);
        out.append("\r\n");
    }

    private static void text(Optional<String> value, StringBuilder out) {
        out.append(',');
        if (value.isEmpty()) {
            return;
        }
        String text = value.get();
        out.append('"');
        if (!text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0) {
            out.append('\'');
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (ActivityJson.isUnprintable(c)) {
                ActivityJson.escape(c, out);
            } else if (c == '"') {
                out.append("\"\"");
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
