package io.agenthub.api.activity;

import io.agenthub.api.activity.Activity.Kind;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which activities to read. All conditions hold together; an absent one holds for every activity.
 *
 * @param kinds the kinds wanted; empty means all
 * @param from the earliest instant, inclusive
 * @param until the latest instant, exclusive
 * @param client the client, exactly
 * @param server the server, exactly
 * @param method the method or event, exactly
 * @param tool the tool, exactly
 * @param outcome the outcome, exactly
 * @param leastStatus the smallest HTTP status; activities without one do not match
 * @param mostStatus the largest HTTP status; activities without one do not match
 * @param requestId the caller's id, exactly as written
 * @param text a part of the client, server, method, tool, outcome or detail; the case of ASCII letters does not matter
 * @param before only activities of a smaller sequence, to read the next page
 * @param limit the most activities in a page, 1 to {@value #MAX_LIMIT}; default {@value #DEFAULT_LIMIT}
 * @param counted whether the page says how many match in all; default true
 */
public record ActivityQuery(
        Set<Kind> kinds,
        Optional<Instant> from,
        Optional<Instant> until,
        Optional<String> client,
        Optional<String> server,
        Optional<String> method,
        Optional<String> tool,
        Optional<String> outcome,
        OptionalInt leastStatus,
        OptionalInt mostStatus,
        Optional<String> requestId,
        Optional<String> text,
        OptionalLong before,
        int limit,
        boolean counted) {

    /** The most activities in one page. */
    public static final int MAX_LIMIT = 1_000;

    /** How many activities a page holds by default. */
    public static final int DEFAULT_LIMIT = 50;

    /** Every activity, in pages of the default size. */
    public static final ActivityQuery ALL = builder().build();

    /**
     * Copies and checks.
     *
     * @throws IllegalArgumentException if the limit is out of range
     */
    public ActivityQuery {
        kinds = Set.copyOf(kinds);
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit is " + limit + ", must be between 1 and " + MAX_LIMIT);
        }
    }

    /**
     * Begins a query.
     *
     * @return a builder without any condition
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads a query from the parameters of a URL: {@code kind} (several separated by commas), {@code from} and {@code until}
     * (ISO-8601, with a zone), {@code client}, {@code server}, {@code method}, {@code tool}, {@code outcome}, {@code status}
     * ({@code 404}, {@code 4xx} or {@code 400-499}), {@code requestId}, {@code text}, {@code before}, {@code limit} and {@code
     * counted}. Empty values count as absent.
     *
     * @param parameters decoded names and values
     * @return the query
     * @throws IllegalArgumentException if a parameter is unknown or wrong; the message names it and is fit for the caller
     */
    public static ActivityQuery of(Map<String, String> parameters) {
        return QueryParameters.read(parameters);
    }

    /**
     * Begins a query like this one.
     *
     * @return a builder with these values
     */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.kinds = kinds;
        builder.from = from;
        builder.until = until;
        builder.client = client;
        builder.server = server;
        builder.method = method;
        builder.tool = tool;
        builder.outcome = outcome;
        builder.leastStatus = leastStatus;
        builder.mostStatus = mostStatus;
        builder.requestId = requestId;
        builder.text = text;
        builder.before = before;
        builder.limit = limit;
        builder.counted = counted;
        return builder;
    }

    /**
     * The query for the page after another.
     *
     * @param page a page that this query gave
     * @return the query for what follows, or empty if the page was the last
     */
    public Optional<ActivityQuery> after(ActivityPage page) {
        return page.next().isEmpty()
                ? Optional.empty()
                : Optional.of(toBuilder().before(page.next().getAsLong()).build());
    }

    /**
     * Whether an activity meets all conditions.
     *
     * @param activity any activity
     * @return false if one does not hold
     */
    public boolean matches(Activity activity) {
        return (kinds.isEmpty() || kinds.contains(activity.kind()))
                && from.map(instant -> !activity.at().isBefore(instant)).orElse(true)
                && until.map(instant -> activity.at().isBefore(instant)).orElse(true)
                && same(client, activity.client())
                && same(server, activity.server())
                && same(method, activity.method())
                && same(tool, activity.tool())
                && outcome.map(activity.outcome()::equals).orElse(true)
                && statusMatches(activity.httpStatus())
                && same(requestId, activity.requestId())
                && text.map(part -> textMatches(part, activity)).orElse(true)
                && (before.isEmpty() || activity.sequence() < before.getAsLong());
    }

    private static boolean same(Optional<String> wanted, Optional<String> found) {
        return wanted.isEmpty() || wanted.equals(found);
    }

    private boolean statusMatches(OptionalInt status) {
        return (leastStatus.isEmpty() && mostStatus.isEmpty())
                || (status.isPresent()
                        && status.getAsInt() >= leastStatus.orElse(0)
                        && status.getAsInt() <= mostStatus.orElse(Integer.MAX_VALUE));
    }

    private static boolean textMatches(String part, Activity activity) {
        return contains(activity.outcome(), part)
                || activity.client().filter(s -> contains(s, part)).isPresent()
                || activity.server().filter(s -> contains(s, part)).isPresent()
                || activity.method().filter(s -> contains(s, part)).isPresent()
                || activity.tool().filter(s -> contains(s, part)).isPresent()
                || activity.detail().filter(s -> contains(s, part)).isPresent();
    }

    private static boolean contains(String whole, String part) {
        for (int i = 0; i + part.length() <= whole.length(); i++) {
            if (startsAt(whole, i, part)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsAt(String whole, int offset, String part) {
        for (int i = 0; i < part.length(); i++) {
            if (lower(whole.charAt(offset + i)) != lower(part.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
    }

    /** Collects conditions. Not thread-safe. */
    public static final class Builder {
        private Set<Kind> kinds = Set.of();
        private Optional<Instant> from = Optional.empty();
        private Optional<Instant> until = Optional.empty();
        private Optional<String> client = Optional.empty();
        private Optional<String> server = Optional.empty();
        private Optional<String> method = Optional.empty();
        private Optional<String> tool = Optional.empty();
        private Optional<String> outcome = Optional.empty();
        private OptionalInt leastStatus = OptionalInt.empty();
        private OptionalInt mostStatus = OptionalInt.empty();
        private Optional<String> requestId = Optional.empty();
        private Optional<String> text = Optional.empty();
        private OptionalLong before = OptionalLong.empty();
        private int limit = DEFAULT_LIMIT;
        private boolean counted = true;

        private Builder() {}

        /**
         * Only these kinds.
         *
         * @param values the kinds wanted; none means all, the default
         * @return this
         */
        public Builder kinds(Kind... values) {
            this.kinds = Set.of(values);
            return this;
        }

        /**
         * Not earlier than this.
         *
         * @param value the earliest instant, inclusive, or null for no bound
         * @return this
         */
        public Builder from(@Nullable Instant value) {
            this.from = Optional.ofNullable(value);
            return this;
        }

        /**
         * Earlier than this.
         *
         * @param value the latest instant, exclusive, or null for no bound
         * @return this
         */
        public Builder until(@Nullable Instant value) {
            this.until = Optional.ofNullable(value);
            return this;
        }

        /**
         * Only this client.
         *
         * @param value its claimed name, exactly, or null for any
         * @return this
         */
        public Builder client(@Nullable String value) {
            this.client = Optional.ofNullable(value);
            return this;
        }

        /**
         * Only this server.
         *
         * @param value its name, exactly, or null for any
         * @return this
         */
        public Builder server(@Nullable String value) {
            this.server = Optional.ofNullable(value);
            return this;
        }

        /**
         * Only this method or event.
         *
         * @param value its name, exactly, or null for any
         * @return this
         */
        public Builder method(@Nullable String value) {
            this.method = Optional.ofNullable(value);
            return this;
        }

        /**
         * Only this tool.
         *
         * @param value its name, exactly, or null for any
         * @return this
         */
        public Builder tool(@Nullable String value) {
            this.tool = Optional.ofNullable(value);
            return this;
        }

        /**
         * Only this outcome.
         *
         * @param value the outcome, exactly, or null for any
         * @return this
         */
        public Builder outcome(@Nullable String value) {
            this.outcome = Optional.ofNullable(value);
            return this;
        }

        /**
         * Only HTTP statuses within a range.
         *
         * @param least the smallest
         * @param most the largest
         * @return this
         */
        public Builder status(int least, int most) {
            this.leastStatus = OptionalInt.of(least);
            this.mostStatus = OptionalInt.of(most);
            return this;
        }

        /**
         * Only this request id.
         *
         * @param value the id as the caller wrote it, or null for any
         * @return this
         */
        public Builder requestId(@Nullable String value) {
            this.requestId = Optional.ofNullable(value);
            return this;
        }

        /**
         * Only activities that contain a text.
         *
         * @param value the text, or null or empty for any
         * @return this
         */
        public Builder text(@Nullable String value) {
            this.text = Optional.ofNullable(value).filter(part -> !part.isEmpty());
            return this;
        }

        /**
         * Only activities of a smaller sequence.
         *
         * @param sequence the {@link ActivityPage#next()} of the page before
         * @return this
         */
        public Builder before(long sequence) {
            this.before = OptionalLong.of(sequence);
            return this;
        }

        /**
         * The size of a page.
         *
         * @param value 1 to {@value ActivityQuery#MAX_LIMIT}; default {@value ActivityQuery#DEFAULT_LIMIT}
         * @return this
         */
        public Builder limit(int value) {
            this.limit = value;
            return this;
        }

        /**
         * Whether the page says how many match in all, which costs more than reading the page.
         *
         * @param value default true
         * @return this
         */
        public Builder counted(boolean value) {
            this.counted = value;
            return this;
        }

        /**
         * Finishes.
         *
         * @return the query
         * @throws IllegalArgumentException if the limit is out of range
         */
        public ActivityQuery build() {
            return new ActivityQuery(
                    Objects.requireNonNull(kinds),
                    from,
                    until,
                    client,
                    server,
                    method,
                    tool,
                    outcome,
                    leastStatus,
                    mostStatus,
                    requestId,
                    text,
                    before,
                    limit,
                    counted);
        }
    }
}
