package io.agenthub.store;

import io.agenthub.api.activity.Activity.Kind;
import io.agenthub.api.activity.ActivityQuery;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether activities are those that a query asks for, its extent apart. Confined to one thread, to be asked about one segment after the other. */
final class Match {
    private final ActivityQuery query;
    private final Times times;
    private final Set<Kind> kinds;
    private final @Nullable String text;
    private final byte @Nullable [] requestId;
    private @Nullable Segment judged;
    /** What is known of the shapes of that segment: 0 for nothing yet, 1 for a match, 2 for none. */
    private byte[] verdicts = {};

    Match(ActivityQuery query, Times times) {
        this.query = query;
        this.times = times;
        this.kinds = Set.copyOf(query.kinds());
        this.text = query.text().map(Texts::cleaned).orElse(null);
        this.requestId = query.requestId().map(Segment::packed).orElse(null);
    }

    boolean matches(Segment segment, int index) {
        return times.contain(segment.micros(index))
                && matchesShape(segment, segment.shapeNumber(index))
                && (requestId == null || segment.hasRequestId(index, requestId));
    }

    private boolean matchesShape(Segment segment, int number) {
        if (judged != segment) {
            judged = segment;
            verdicts = new byte[segment.shapes()];
        }
        if (verdicts[number] == 0) {
            verdicts[number] = (byte) (matches(segment.shapeOf(number)) ? 1 : 2);
        }
        return verdicts[number] == 1;
    }

    private boolean matches(Shape shape) {
        return is(query.client(), shape.client())
                && is(query.server(), shape.server())
                && is(query.method(), shape.method())
                && is(query.tool(), shape.tool())
                && is(query.outcome(), shape.outcome())
                && (kinds.isEmpty() || kinds.contains(shape.kind()))
                && hasStatus(shape.status())
                && (text == null || mentions(shape, text));
    }

    private static boolean is(Optional<String> wanted, @Nullable String text) {
        return wanted.isEmpty() || wanted.get().equals(text);
    }

    private boolean hasStatus(int status) {
        if (query.leastStatus().isEmpty() && query.mostStatus().isEmpty()) {
            return true;
        }
        return status != 0
                && status >= query.leastStatus().orElse(0)
                && status <= query.mostStatus().orElse(999);
    }

    private static boolean mentions(Shape shape, String part) {
        return Texts.contains(shape.client(), part)
                || Texts.contains(shape.server(), part)
                || Texts.contains(shape.method(), part)
                || Texts.contains(shape.tool(), part)
                || Texts.contains(shape.outcome(), part)
                || Texts.contains(shape.detail(), part);
    }
}
