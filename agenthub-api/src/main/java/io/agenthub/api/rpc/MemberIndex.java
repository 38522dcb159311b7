package io.agenthub.api.rpc;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the members of an object stand in its bytes, noted while they were checked, so that looking one up does not walk over
 * all values again. Immutable once it is built.
 */
final class MemberIndex {
    private static final int FIELDS = 4;
    private static final int FIRST_MEMBERS = 4;
    /** An object of more members is a collection rather than the parameters of a call; it is walked. */
    private static final int MOST_MEMBERS = 32;

    private final int[] places;
    private final int size;

    private MemberIndex(int[] places, int size) {
        this.places = places;
        this.size = size;
    }

    int size() {
        return size;
    }

    int nameStart(int member) {
        return places[member * FIELDS];
    }

    int nameEnd(int member) {
        return places[member * FIELDS + 1];
    }

    int valueStart(int member) {
        return places[member * FIELDS + 2];
    }

    int valueEnd(int member) {
        return places[member * FIELDS + 3];
    }

    /** Notes members one by one; confined to one thread. */
    static final class Builder {
        private int[] places = new int[FIELDS * FIRST_MEMBERS];
        private int size;

        void add(int nameStart, int nameEnd, int valueStart, int valueEnd) {
            if (size < MOST_MEMBERS) {
                int at = size * FIELDS;
                if (at == places.length) {
                    places = Arrays.copyOf(places, 2 * at);
                }
                places[at] = nameStart;
                places[at + 1] = nameEnd;
                places[at + 2] = valueStart;
                places[at + 3] = valueEnd;
            }
            size++;
        }

        /** The index, unless there were too many members. */
        @Nullable
        MemberIndex build() {
            return size <= MOST_MEMBERS ? new MemberIndex(places, size) : null;
        }
    }
}
