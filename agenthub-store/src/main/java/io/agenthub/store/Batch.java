package io.agenthub.store;

import java.util.List;

/**
 * Activities that are written together, in their order; counted as they were taken, so that nobody has to look at each of them again.
 *
 * @param awaited how many of them somebody waits for
 * @param bodyBytes how much they hold of the queue's allowance for bodies
 */
record Batch(List<Pending> activities, int awaited, long bodyBytes) {
    int size() {
        return activities.size();
    }

    boolean isEmpty() {
        return activities.isEmpty();
    }
}
