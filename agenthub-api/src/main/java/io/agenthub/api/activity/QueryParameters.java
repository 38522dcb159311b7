package io.agenthub.api.activity;

import io.agenthub.api.activity.Activity.Kind;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads an {@link ActivityQuery} from the parameters of a URL. */
final class QueryParameters {
    private static final Pattern STATUS = Pattern.compile("([1-9])xx|([1-9]\\d\\d)(?:-([1-9]\\d\\d))?");
    private static final String KNOWN =
            "kind, from, until, client, server, method, tool, outcome, status, requestId, text, before, limit, counted";

    private QueryParameters() {}

    static ActivityQuery read(Map<String, String> parameters) {
        ActivityQuery.Builder query = ActivityQuery.builder();
        parameters.forEach((name, value) -> {
            if (!value.isEmpty()) {
                set(query, name, value);
            }
        });
        return query.build();
    }

    private static void set(ActivityQuery.Builder query, String name, String value) {
        switch (name) {
            case "kind" -> query.kinds(kinds(value));
            case "from" -> query.from(instant(name, value));
            case "until" -> query.until(instant(name, value));
            case "client" -> query.client(value);
            case "server" -> query.server(value);
            case "method" -> query.method(value);
            case "tool" -> query.tool(value);
            case "outcome" -> query.outcome(value);
            case "status" -> status(query, value);
            case "requestId" -> query.requestId(value);
            case "text" -> query.text(value);
            case "before" -> query.before(number(name, value));
            case "limit" -> query.limit(limit(name, value));
            case "counted" -> query.counted(flag(name, value));
            default ->
                throw new IllegalArgumentException("there is no parameter of that name; the parameters are " + KNOWN);
        }
    }

    private static Kind[] kinds(String value) {
        return Arrays.stream(value.split(",", -1))
                .map(QueryParameters::kind)
                .distinct()
                .toArray(Kind[]::new);
    }

    private static Kind kind(String value) {
        try {
            return Kind.valueOf(value.strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw wrong("kind", "one of " + Arrays.toString(Kind.values()));
        }
    }

    private static Instant instant(String name, String value) {
        try {
            return OffsetDateTime.parse(value).toInstant();
        } catch (DateTimeParseException e) {
            throw wrong(name, "an instant such as 2026-01-31T12:00:00Z");
        }
    }

    private static void status(ActivityQuery.Builder query, String value) {
        Matcher matcher = STATUS.matcher(value);
        if (!matcher.matches()) {
            throw wrong("status", "a status such as 404, 4xx or 400-499");
        }
        if (matcher.group(1) != null) {
            int hundreds = 100 * Integer.parseInt(matcher.group(1));
            query.status(hundreds, hundreds + 99);
        } else {
            int least = Integer.parseInt(matcher.group(2));
            query.status(least, matcher.group(3) == null ? least : Integer.parseInt(matcher.group(3)));
        }
    }

    private static long number(String name, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw wrong(name, "a whole number");
        }
    }

    private static int limit(String name, String value) {
        long limit = number(name, value);
        if (limit < 1 || limit > ActivityQuery.MAX_LIMIT) {
            throw wrong(name, "a whole number between 1 and " + ActivityQuery.MAX_LIMIT);
        }
        return (int) limit;
    }

    private static boolean flag(String name, String value) {
        if (value.equals("true") || value.equals("false")) {
            return value.equals("true");
        }
        throw wrong(name, "true or false");
    }

    /** The value is left out: it is the caller's, and the message may be logged or shown. */
    private static IllegalArgumentException wrong(String name, String right) {
        return new IllegalArgumentException("parameter '" + name + "' must be " + right);
    }
}
