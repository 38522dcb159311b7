package io.agenthub.store;

import org.jspecify.annotations.Nullable;

/** How long the slots of sums are. What spans months is summed up by days, and its ends by hours. */
enum Grain {
    /** The coarsest. */
    DAY(86_400, "rollup_day", "cube_day"),
    /** The finest. */
    HOUR(3_600, "rollup", "cube");

    private final long seconds;
    private final String rollup;
    private final String cube;

    Grain(long seconds, String rollup, String cube) {
        this.seconds = seconds;
        this.rollup = rollup;
        this.cube = cube;
    }

    long seconds() {
        return seconds;
    }

    /** The table of the sums per value of a dimension. */
    String rollup() {
        return rollup;
    }

    /** The table of the sums of every combination of names. */
    String cube() {
        return cube;
    }

    /** The number of the slot that a time falls into. */
    long slot(long micros) {
        return Math.floorDiv(micros, seconds * 1_000_000);
    }

    /** The number of the slot that an hour falls into, by the hour's own number. */
    long slotOfHour(long hour) {
        return Math.floorDiv(hour, seconds / HOUR.seconds);
    }

    /** The grain for what is left of a time beside whole slots, or null if only single activities are finer. */
    @Nullable
    Grain finer() {
        return this == DAY ? HOUR : null;
    }
}
