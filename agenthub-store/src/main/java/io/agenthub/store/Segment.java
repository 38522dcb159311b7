package io.agenthub.store;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Some activities in a row, packed: the form of their links and the shapes that occur, then of each activity the number of its shape and
 * what is its own, its link among it. Whoever reads one needs no other table. It lies within one block of {@link Facets#BLOCK}
 * sequences.
 *
 * <p>What somebody has changed is read as far as it can be.
 */
final class Segment {
    private static final int LINK = 32;

    private final long first;
    private final long last;
    private final byte[] data;
    /** Where each shape begins, and those that were asked for. */
    private int[] shapesAt = {};

    private @Nullable Shape[] shapes = {};
    private int[] shape = {};
    private long[] micros = {};
    private long[] nanos = {};
    private long[] bytesIn = {};
    private long[] bytesOut = {};
    /** Where begins what each has for itself, */
    private int[] own = {};
    /** and the part of it that is no number. */
    private int[] rest = {};

    private Form form = Form.SPELLED;
    private int count;
    private boolean whole;

    private Segment(long first, long last, byte[] data) {
        this.first = first;
        this.last = last;
        this.data = data;
    }

    /**
     * Reads a segment.
     *
     * @param first the sequence of its first activity
     * @param last the sequence of its last, as it is said to be
     */
    static Segment of(long first, long last, byte @Nullable [] data) {
        Segment segment = new Segment(first, last, data == null ? new byte[0] : data);
        try {
            Packed in = new Packed(segment.data, 0);
            segment.read(in);
            segment.whole = in.isAtEnd() && segment.count == last - first + 1;
        } catch (Packed.DamagedException e) {
            // What could be read counts; whoever checks the chain misses the rest.
        }
        return segment;
    }

    private void read(Packed in) {
        Form its = Form.of(in.one());
        if (its == null) {
            throw new Packed.DamagedException();
        }
        form = its;
        int size = in.count();
        shapesAt = new int[in.count()];
        shapes = new @Nullable Shape[shapesAt.length];
        for (int i = 0; i < shapesAt.length; i++) {
            shapesAt[i] = in.position();
            Shape.skip(in);
        }
        shape = new int[size];
        micros = new long[size];
        nanos = new long[size];
        bytesIn = new long[size];
        bytesOut = new long[size];
        own = new int[size];
        rest = new int[size];
        long before = 0;
        while (count < size) {
            shape[count] = shape(in);
            before += unfolded(in.number());
            micros[count] = before;
            own[count] = in.position();
            nanos[count] = in.number();
            bytesIn[count] = in.number();
            bytesOut[count] = in.number();
            rest[count] = in.position();
            Entry.skipRest(in);
            in.skip(LINK);
            count++;
        }
    }

    private int shape(Packed in) {
        long number = in.number();
        if (number < 0 || number >= shapes.length) {
            throw new Packed.DamagedException();
        }
        return (int) number;
    }

    private static long folded(long value) {
        return (value << 1) ^ (value >> 63);
    }

    private static long unfolded(long value) {
        return (value >>> 1) ^ -(value & 1);
    }

    long first() {
        return first;
    }

    /** The sequence of its last activity, as it is said to be. */
    long last() {
        return last;
    }

    /** How many bytes it takes. */
    int length() {
        return data.length;
    }

    /** Whether all of it could be read, and is what it is said to be. */
    boolean isWhole() {
        return whole;
    }

    /** What its links are made of. */
    Form form() {
        return form;
    }

    /** How many could be read. */
    int count() {
        return count;
    }

    /** The sequence of an activity. */
    long sequence(int index) {
        return first + index;
    }

    /** How many shapes occur. */
    int shapes() {
        return shapes.length;
    }

    /** One of the shapes. */
    Shape shapeOf(int number) {
        Shape known = shapes[number];
        if (known == null) {
            known = Shape.unpacked(new Packed(data, shapesAt[number]));
            shapes[number] = known;
        }
        return known;
    }

    /** Which of the shapes an activity has. */
    int shapeNumber(int index) {
        return shape[index];
    }

    Shape shape(int index) {
        return shapeOf(shape[index]);
    }

    long micros(int index) {
        return micros[index];
    }

    long nanos(int index) {
        return nanos[index];
    }

    long bytesIn(int index) {
        return bytesIn[index];
    }

    long bytesOut(int index) {
        return bytesOut[index];
    }

    /** Adds the identifier of an activity's request to a filter. Returns whether there is one. */
    boolean addRequestId(int index, byte[] filter) {
        return RequestIds.add(filter, new Packed(data, rest[index]));
    }

    /** Whether an activity has an identifier of its request, as {@link Bytes#text} writes it. */
    boolean hasRequestId(int index, byte[] packed) {
        return new Packed(data, rest[index]).isNext(packed);
    }

    Hash link(int index) {
        Packed in = new Packed(data, rest[index]);
        Entry.skipRest(in);
        return new Hash(in.bytes(LINK));
    }

    Entry entry(int index) {
        Packed in = new Packed(data, rest[index]);
        Entry.skipRest(in);
        return new Entry(shape(index), micros[index], data, own[index], in.position());
    }

    /** Packs activities whose links are all of one form. Confined to one thread. */
    static final class Packer {
        private final Form form;
        private final Bytes shapes = new Bytes(1_024);
        private final Bytes activities = new Bytes(16_384);
        private final Map<Shape, Integer> numbers = new HashMap<>();
        private @Nullable Shape lastShape;
        private int lastNumber;
        private long lastMicros;
        private int count;

        Packer(Form form) {
            this.form = form;
        }

        void add(Entry entry, Hash link) {
            activities.number(number(entry.shape())).number(folded(entry.micros() - lastMicros));
            entry.addOwn(activities);
            activities.all(link(link));
            lastMicros = entry.micros();
            count++;
        }

        /** A link that was changed to anything is kept as one that fits nothing. */
        private static byte[] link(Hash link) {
            return link.bytes().length == LINK ? link.bytes() : new byte[LINK];
        }

        private int number(Shape shape) {
            if (!shape.equals(lastShape)) {
                lastShape = shape;
                Integer known = numbers.putIfAbsent(shape, numbers.size());
                if (known == null) {
                    shapes.all(shape.packed());
                }
                lastNumber = known == null ? numbers.size() - 1 : known;
            }
            return lastNumber;
        }

        int count() {
            return count;
        }

        /** What was added, as a segment; begins anew. */
        byte[] pack() {
            byte[] packed = new Bytes(shapes.length() + activities.length() + 16)
                    .one(form.code())
                    .number(count)
                    .number(numbers.size())
                    .all(shapes)
                    .all(activities)
                    .copy();
            clear();
            return packed;
        }

        /** Forgets what was added. */
        void clear() {
            shapes.clear();
            activities.clear();
            numbers.clear();
            lastShape = null;
            lastMicros = 0;
            count = 0;
        }
    }

    /** A text in the form in which {@link #hasRequestId} looks for it. */
    static byte[] packed(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8).length + 8)
                .text(text)
                .copy();
    }
}
