package io.agenthub.store;

import io.agenthub.api.activity.Redaction;
import io.agenthub.api.activity.Retention;
import java.time.Duration;
import java.util.Objects;

/**
 * How an activity store behaves, whatever database it uses. Immutable.
 *
 * @param maxQueued activities that may wait to be written, 16 to 1,048,576; default 65,536. Beyond it they are dropped and
 *     counted
 * @param retention what is kept, applied once a minute; default {@link Retention#DEFAULT}
 * @param bodies whether what is left of requests and responses after redaction is kept; default false
 * @param redaction what is taken out of details and bodies; default {@link Redaction#DEFAULT}
 * @param readers threads and connections for queries, 1 to 16; default 2
 * @param maxQueuedQueries queries that may wait for a reader, 1 to 10,000; default 64. Beyond it they are refused
 * @param commitInterval the least time between two commits, up to 1 s; default 5 ms. It grows, to 25 ms at most, where commits take
 *     more than a fifth of the time. What is appended meanwhile shares the next,
 *     which spares processor and disk under load; what is appended after a pause is committed at once. 0 for no interval
 * @param linger how long activities that nobody waits for may wait for company after a commit, up to 10 s; default 50 ms. It is
 *     what a crash can cost of them. It ends early for an activity that is waited for, for a query, and for 4,096 that wait, or a megabyte
 * @param queryTimeout how long one query may run, 10 ms to 1 h; default 30 s
 * @param writeTimeout how long activities wait for a database that cannot be written before they are given up, up to 1 h;
 *     default 30 s
 * @param closeTimeout how long closing waits for what is queued, up to 1 h; default 10 s
 */
public record StoreOptions(
        int maxQueued,
        Retention retention,
        boolean bodies,
        Redaction redaction,
        int readers,
        int maxQueuedQueries,
        Duration commitInterval,
        Duration linger,
        Duration queryTimeout,
        Duration writeTimeout,
        Duration closeTimeout) {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final Duration HOUR = Duration.ofHours(1);

    /** Every default. */
    public static final StoreOptions DEFAULT = builder().build();

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if one is out of range; the message names it
     */
    public StoreOptions {
        check("maxQueued", maxQueued, 16, 1_048_576);
        check("readers", readers, 1, 16);
        check("maxQueuedQueries", maxQueuedQueries, 1, 10_000);
        check("commitInterval", commitInterval, Duration.ZERO, SECOND);
        check("linger", linger, Duration.ZERO, TEN_SECONDS);
        check("queryTimeout", queryTimeout, Duration.ofMillis(10), HOUR);
        check("writeTimeout", writeTimeout, Duration.ZERO, HOUR);
        check("closeTimeout", closeTimeout, Duration.ZERO, HOUR);
        Objects.requireNonNull(retention);
        Objects.requireNonNull(redaction);
    }

    private static void check(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + ", must be between " + least + " and " + most);
        }
    }

    private static void check(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " is " + value + ", must be between " + least + " and " + most);
        }
    }

    /**
     * Begins options.
     *
     * @return a builder with every default
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {
        private int maxQueued = 65_536;
        private Retention retention = Retention.DEFAULT;
        private boolean bodies;
        private Redaction redaction = Redaction.DEFAULT;
        private int readers = 2;
        private int maxQueuedQueries = 64;
        private Duration commitInterval = Duration.ofMillis(5);
        private Duration linger = Duration.ofMillis(50);
        private Duration queryTimeout = Duration.ofSeconds(30);
        private Duration writeTimeout = Duration.ofSeconds(30);
        private Duration closeTimeout = Duration.ofSeconds(10);

        private Builder() {}

        /**
         * How many activities may wait to be written. More outlast a longer stall of the disk; each takes about 200 bytes.
         *
         * @param value 16 to 1,048,576; default 65,536
         * @return this
         */
        public Builder maxQueued(int value) {
            this.maxQueued = value;
            return this;
        }

        /**
         * What is kept.
         *
         * @param value default 30 days and 256 MiB
         * @return this
         */
        public Builder retention(Retention value) {
            this.retention = value;
            return this;
        }

        /**
         * Whether bodies are kept, redacted and cut. They make the store several times larger, and redaction finds only what
         * looks like a secret.
         *
         * @param value default false
         * @return this
         */
        public Builder bodies(boolean value) {
            this.bodies = value;
            return this;
        }

        /**
         * What is taken out of details and bodies.
         *
         * @param value default {@link Redaction#DEFAULT}
         * @return this
         */
        public Builder redaction(Redaction value) {
            this.redaction = value;
            return this;
        }

        /**
         * How many queries run at once.
         *
         * @param value 1 to 16; default 2
         * @return this
         */
        public Builder readers(int value) {
            this.readers = value;
            return this;
        }

        /**
         * How many queries may wait.
         *
         * @param value 1 to 10,000; default 64
         * @return this
         */
        public Builder maxQueuedQueries(int value) {
            this.maxQueuedQueries = value;
            return this;
        }

        /**
         * The least time between two commits: what is appended meanwhile shares the next. What is appended after a pause is
         * committed at once. Longer spares processor and disk under load, and delays {@code append}'s stage by so much.
         *
         * @param value 0 to 1 s; default 5 ms
         * @return this
         */
        public Builder commitInterval(Duration value) {
            this.commitInterval = value;
            return this;
        }

        /**
         * How long activities that nobody waits for, those of {@code record}, may wait for company after a commit, so that fewer
         * commits carry more. It is what a crash can cost of them.
         *
         * @param value 0 to 10 s; default 50 ms
         * @return this
         */
        public Builder linger(Duration value) {
            this.linger = value;
            return this;
        }

        /**
         * How long one query may run.
         *
         * @param value 10 ms to 1 h; default 30 s
         * @return this
         */
        public Builder queryTimeout(Duration value) {
            this.queryTimeout = value;
            return this;
        }

        /**
         * How long activities wait for a database that cannot be written.
         *
         * @param value 0 to 1 h; default 30 s
         * @return this
         */
        public Builder writeTimeout(Duration value) {
            this.writeTimeout = value;
            return this;
        }

        /**
         * How long closing waits for what is queued.
         *
         * @param value 0 to 1 h; default 10 s
         * @return this
         */
        public Builder closeTimeout(Duration value) {
            this.closeTimeout = value;
            return this;
        }

        /**
         * Finishes.
         *
         * @return the options
         * @throws IllegalArgumentException if one is out of range
         */
        public StoreOptions build() {
            return new StoreOptions(
                    maxQueued,
                    retention,
                    bodies,
                    redaction,
                    readers,
                    maxQueuedQueries,
                    commitInterval,
                    linger,
                    queryTimeout,
                    writeTimeout,
                    closeTimeout);
        }
    }
}
