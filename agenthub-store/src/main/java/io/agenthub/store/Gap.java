package io.agenthub.store;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.Activity.Kind;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Activities that were lost.
 *
 * @param count how many are known to be
 */
record Gap(long count, Instant from, Instant until, String reason) {

    /** This loss and another as one. */
    Gap and(@Nullable Gap other) {
        if (other == null) {
            return this;
        }
        String both = reason.contains(other.reason) ? reason : reason + "; " + other.reason;
        return new Gap(
                count + other.count,
                from.isBefore(other.from) ? from : other.from,
                until.isAfter(other.until) ? until : other.until,
                both.length() > Activity.MAX_DETAIL_LENGTH ? reason : both);
    }

    Activity activity() {
        String lost = count == 0
                ? "Activities may be lost"
                : count + (count == 1 ? " activity" : " activities") + " lost between " + from + " and " + until;
        return Activity.builder(Kind.GAP, until)
                .method("gap")
                .outcome("LOST")
                .detail(lost + ": " + reason)
                .build();
    }
}
