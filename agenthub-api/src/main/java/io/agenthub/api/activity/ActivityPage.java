package io.agenthub.api.activity;

import io.agenthub.api.rpc.JsonText;
import java.util.List;
import java.util.OptionalLong;

/**
 * Some of the activities that a query asks for, newest first.
 *
 * @param activities at most {@link ActivityQuery#limit()} of them, by falling sequence; a store may end a page early where they are long
 * @param next what {@link ActivityQuery#before()} must be to read on; empty if nothing follows
 * @param total how many match in all, on every page; empty if the query did not ask
 * @param totalIsExact false if there may be more than {@code total}: a store need not look at more than 2,000 to count
 */
public record ActivityPage(List<Activity> activities, OptionalLong next, OptionalLong total, boolean totalIsExact) {

    /** Copies. */
    public ActivityPage {
        activities = List.copyOf(activities);
    }

    /**
     * The page for programs.
     *
     * @return an object with {@code activities}, {@code next}, {@code total} and {@code totalIsExact}
     */
    public JsonText toJson() {
        return ActivityJson.page(this);
    }
}
