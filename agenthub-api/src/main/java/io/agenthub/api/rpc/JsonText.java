package io.agenthub.api.rpc;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One JSON value as the UTF-8 bytes it was written in: checked once, then carried and relayed without being rebuilt.
 *
 * <p>Two texts are equal if their bytes are; {@code 1.0} and {@code 1.00} are different texts. The accessors walk the bytes
 * each time they are called.
 */
public final class JsonText {
    /** The text {@code null}. */
    public static final JsonText NULL = new JsonText("null".getBytes(StandardCharsets.US_ASCII));

    /** The text {@code {}}. */
    public static final JsonText EMPTY_OBJECT = new JsonText("{}".getBytes(StandardCharsets.US_ASCII));

    private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,8}");

    /** No value at all, for cutting. */
    private static final JsonText NOTHING = new JsonText(new byte[0]);

    private final byte[] bytes;
    private final int from;
    private final int to;
    private final boolean mayHoldLineBreaks;
    private final @Nullable MemberIndex index;

    private JsonText(byte[] bytes) {
        this(bytes, 0, bytes.length, false);
    }

    JsonText(byte[] bytes, int from, int to, boolean mayHoldLineBreaks) {
        this(bytes, from, to, mayHoldLineBreaks, null);
    }

    private JsonText(byte[] bytes, int from, int to, boolean mayHoldLineBreaks, @Nullable MemberIndex index) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
        this.mayHoldLineBreaks = mayHoldLineBreaks;
        this.index = index;
    }

    /** Checks the next value of a text that is being read; of an object it is remembered where its members stand. */
    static JsonText read(byte[] bytes, JsonScanner scanner) {
        MemberIndex index = null;
        int start;
        if (scanner.peek() == '{') {
            start = scanner.at();
            index = scanner.object();
        } else {
            start = scanner.value();
        }
        return new JsonText(bytes, start, scanner.at(), scanner.sawLineBreak(), index);
    }

    /**
     * Checks a text: exactly one JSON value, white space around it dropped.
     *
     * @param json the text
     * @return the value
     * @throws MalformedMessageException if it is not JSON or exceeds {@link JsonLimits#RELAY}
     */
    public static JsonText of(String json) {
        return of(json.getBytes(StandardCharsets.UTF_8), JsonLimits.RELAY);
    }

    /**
     * Checks bytes: exactly one JSON value in strict UTF-8 without a byte order mark, white space around it dropped.
     *
     * @param json the bytes; the text keeps them, so they must not be changed afterwards
     * @param limits how much structure is allowed
     * @return the value
     * @throws MalformedMessageException if they are not JSON or exceed the limits
     */
    public static JsonText of(byte[] json, JsonLimits limits) {
        JsonScanner scanner = new JsonScanner(json, 0, json.length, limits);
        JsonText value = read(json, scanner);
        scanner.expectEnd();
        return value;
    }

    /**
     * Takes bytes that are known to be one JSON value, such as a serializer's output, without checking them.
     *
     * @param json the bytes, without white space around them; the text keeps them
     * @return the value
     */
    public static JsonText trusted(byte[] json) {
        return new JsonText(json, 0, json.length, true);
    }

    /**
     * A string as a JSON string literal.
     *
     * @param value any string; a lone surrogate is written as an escape
     * @return the literal
     */
    public static JsonText quote(String value) {
        return new JsonText(JsonStrings.quote(value));
    }

    /**
     * The size of the text.
     *
     * @return a number of bytes, at least 1
     */
    public int length() {
        return to - from;
    }

    /**
     * Copies the text into an array.
     *
     * @param target where to
     * @param offset the first index to write
     * @return the index after the last byte written
     */
    public int copyTo(byte[] target, int offset) {
        System.arraycopy(bytes, from, target, offset, to - from);
        return offset + to - from;
    }

    /**
     * Copies the text into a buffer, and moves its position behind it.
     *
     * @param target where to
     * @throws java.nio.BufferOverflowException if less room is left than {@link #length}; nothing is copied then
     */
    public void copyTo(ByteBuffer target) {
        target.put(bytes, from, to - from);
    }

    /**
     * The text's bytes, not copied.
     *
     * @return a read-only view
     */
    public ByteBuffer asByteBuffer() {
        return ByteBuffer.wrap(bytes, from, to - from).asReadOnlyBuffer();
    }

    /**
     * The text on one line, as the stdio transport needs it: raw CR and LF, which JSON allows only between tokens, are left
     * out; nothing else changes.
     *
     * @return this text if it is on one line already
     */
    public JsonText singleLine() {
        if (!mayHoldLineBreaks) {
            return this;
        }
        int breaks = 0;
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n' || bytes[i] == '\r') {
                breaks++;
            }
        }
        byte[] line = new byte[to - from - breaks];
        int at = 0;
        for (int i = from; i < to; i++) {
            if (bytes[i] != '\n' && bytes[i] != '\r') {
                line[at++] = bytes[i];
            }
        }
        return new JsonText(line);
    }

    /**
     * Whether the value is an object.
     *
     * @return true for <code>{…}</code>
     */
    public boolean isObject() {
        return bytes[from] == '{';
    }

    /**
     * Whether the value is an array.
     *
     * @return true for {@code […]}
     */
    public boolean isArray() {
        return bytes[from] == '[';
    }

    /**
     * Whether the value is a string.
     *
     * @return true for {@code "…"}
     */
    public boolean isString() {
        return bytes[from] == '"';
    }

    /**
     * Whether the value is {@code null}.
     *
     * @return true for {@code null}
     */
    public boolean isNull() {
        return bytes[from] == 'n';
    }

    /**
     * The value of a string.
     *
     * @return the decoded string, or empty if the value is not a string
     */
    public Optional<String> string() {
        return isString() ? Optional.of(JsonStrings.decode(bytes, from + 1, to - 1)) : Optional.empty();
    }

    /** Whether this is a string of just this ASCII word. */
    boolean spells(String word) {
        return isString() && JsonStrings.matches(bytes, from + 1, to - 1, word);
    }

    /**
     * One member of an object.
     *
     * @param name the member's name, compared exactly after decoding escapes
     * @return its value, or empty if this is not an object or has no such member
     * @throws MalformedMessageException if the object has that member twice
     */
    public Optional<JsonText> member(String name) {
        if (!isObject()) {
            return Optional.empty();
        }
        return index == null ? walkTo(name) : Optional.ofNullable(lookUp(index, name));
    }

    private @Nullable JsonText lookUp(MemberIndex members, String name) {
        @Nullable JsonText found = null;
        for (int i = 0; i < members.size(); i++) {
            if (JsonStrings.matches(bytes, members.nameStart(i), members.nameEnd(i), name)) {
                if (found != null) {
                    throw duplicate(name);
                }
                found = slice(members.valueStart(i), members.valueEnd(i));
            }
        }
        return found;
    }

    private Optional<JsonText> walkTo(String name) {
        JsonScanner scanner = scanner();
        scanner.expect('{');
        @Nullable JsonText found = null;
        if (scanner.peek() == '}') {
            return Optional.empty();
        }
        do {
            int nameStart = scanner.name();
            boolean match = JsonStrings.matches(bytes, nameStart, scanner.nameEnd(), name);
            int start = scanner.value();
            if (match) {
                if (found != null) {
                    throw duplicate(name);
                }
                found = slice(start, scanner.at());
            }
        } while (scanner.more('}'));
        return Optional.ofNullable(found);
    }

    /**
     * All members of an object, in order.
     *
     * @return an unmodifiable map, empty if this is not an object
     * @throws MalformedMessageException if a name stands twice
     */
    public Map<String, JsonText> members() {
        Map<String, JsonText> members = new LinkedHashMap<>();
        JsonScanner scanner = scanner();
        if (isObject()) {
            scanner.expect('{');
            boolean more = scanner.peek() != '}';
            while (more) {
                int nameStart = scanner.name();
                String name = JsonStrings.decode(bytes, nameStart, scanner.nameEnd());
                int start = scanner.value();
                if (members.put(name, slice(start, scanner.at())) != null) {
                    throw duplicate(name);
                }
                more = scanner.more('}');
            }
        }
        return Collections.unmodifiableMap(members);
    }

    /**
     * The elements of an array, in order.
     *
     * @return an unmodifiable list, empty if this is not an array
     */
    public List<JsonText> elements() {
        List<JsonText> elements = new ArrayList<>();
        JsonScanner scanner = scanner();
        if (isArray()) {
            scanner.expect('[');
            boolean more = scanner.peek() != ']';
            while (more) {
                int start = scanner.value();
                elements.add(slice(start, scanner.at()));
                more = scanner.more(']');
            }
        }
        return Collections.unmodifiableList(elements);
    }

    /**
     * The value at a JSON pointer (RFC 6901).
     *
     * @param pointer empty for the value itself, else like {@code /content/0/text}
     * @return the value, or empty if there is none
     * @throws IllegalArgumentException if the pointer is neither empty nor begins with a slash
     */
    public Optional<JsonText> at(String pointer) {
        if (!pointer.isEmpty() && pointer.charAt(0) != '/') {
            throw new IllegalArgumentException("JSON pointer '" + pointer + "' does not begin with '/'");
        }
        JsonText value = this;
        for (int i = 1; i <= pointer.length(); ) {
            int slash = pointer.indexOf('/', i);
            int stop = slash < 0 ? pointer.length() : slash;
            String key = pointer.substring(i, stop).replace("~1", "/").replace("~0", "~");
            Optional<JsonText> next = value.isArray() ? value.element(key) : value.member(key);
            if (next.isEmpty()) {
                return next;
            }
            value = next.get();
            i = stop + 1;
        }
        return Optional.of(value);
    }

    /**
     * This text with the value at a JSON pointer (RFC 6901) replaced. No other byte changes.
     *
     * @param pointer where, as for {@link #at}
     * @param value the new value
     * @return the changed text
     * @throws IllegalArgumentException if nothing is there, or the pointer is neither empty nor begins with a slash
     */
    public JsonText withAt(String pointer, JsonText value) {
        JsonText present = at(pointer)
                .orElseThrow(() -> new IllegalArgumentException("JSON pointer '" + pointer + "' points at nothing"));
        return splice(present.from, present.to, value);
    }

    private Optional<JsonText> element(String key) {
        if (!INDEX.matcher(key).matches()) {
            return Optional.empty();
        }
        List<JsonText> elements = elements();
        int index = Integer.parseInt(key);
        return index < elements.size() ? Optional.of(elements.get(index)) : Optional.empty();
    }

    /**
     * This object with one member set: replaced in place, or added at the end. No other byte changes.
     *
     * @param name the member's name
     * @param value its new value
     * @return the changed object
     * @throws IllegalStateException if this is not an object
     */
    public JsonText with(String name, JsonText value) {
        requireObject();
        Optional<JsonText> present = member(name);
        if (present.isPresent()) {
            return splice(present.get().from, present.get().to, value);
        }
        JsonScanner scanner = scanner();
        scanner.expect('{');
        ByteArrayOutputStream member = new ByteArrayOutputStream();
        if (scanner.peek() != '}') {
            member.write(',');
        }
        member.writeBytes(JsonStrings.quote(name));
        member.write(':');
        member.write(value.bytes, value.from, value.length());
        return splice(to - 1, to - 1, new JsonText(member.toByteArray(), 0, member.size(), value.mayHoldLineBreaks));
    }

    /**
     * This object without one member. The other members keep their bytes and order.
     *
     * @param name the member's name
     * @return the changed object, or this one if it has no such member
     * @throws IllegalStateException if this is not an object
     * @throws MalformedMessageException if the object has that member twice
     */
    public JsonText without(String name) {
        requireObject();
        JsonScanner scanner = scanner();
        scanner.expect('{');
        int cutFrom = -1;
        int cutTo = -1;
        int comma = -1;
        boolean more = scanner.peek() != '}';
        while (more) {
            int nameStart = scanner.name();
            boolean match = JsonStrings.matches(bytes, nameStart, scanner.nameEnd(), name);
            scanner.value();
            int end = scanner.at();
            more = scanner.more('}');
            if (match) {
                if (cutFrom >= 0) {
                    throw duplicate(name);
                }
                // The comma goes with its member: the one behind it or, at the end, the one before it.
                cutFrom = more || comma < 0 ? nameStart - 1 : comma;
                cutTo = more ? scanner.at() : end;
            }
            comma = scanner.at() - 1;
        }
        return cutFrom < 0 ? this : splice(cutFrom, cutTo, NOTHING);
    }

    /**
     * An object made of checked members.
     *
     * @param members names and values, written in the map's order
     * @return the object
     */
    public static JsonText object(Map<String, JsonText> members) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean breaks = false;
        char separator = '{';
        for (Map.Entry<String, JsonText> member : members.entrySet()) {
            JsonText value = member.getValue();
            out.write(separator);
            out.writeBytes(JsonStrings.quote(member.getKey()));
            out.write(':');
            out.write(value.bytes, value.from, value.length());
            breaks |= value.mayHoldLineBreaks;
            separator = ',';
        }
        if (members.isEmpty()) {
            return EMPTY_OBJECT;
        }
        out.write('}');
        return new JsonText(out.toByteArray(), 0, out.size(), breaks);
    }

    /**
     * An array made of checked elements.
     *
     * @param elements the elements in order
     * @return the array
     */
    public static JsonText array(List<JsonText> elements) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean breaks = false;
        out.write('[');
        for (int i = 0; i < elements.size(); i++) {
            JsonText element = elements.get(i);
            if (i > 0) {
                out.write(',');
            }
            out.write(element.bytes, element.from, element.length());
            breaks |= element.mayHoldLineBreaks;
        }
        out.write(']');
        return new JsonText(out.toByteArray(), 0, out.size(), breaks);
    }

    /**
     * A Java value as JSON.
     *
     * @param value a map, list, string, enum constant, number, boolean, {@code JsonText} or null, nested as one likes
     * @return its JSON form
     * @throws IllegalArgumentException if something in it has none, such as {@code NaN}
     */
    public static JsonText ofValue(@Nullable Object value) {
        return JsonValues.write(value, 0);
    }

    /**
     * The text as a Java value.
     *
     * @return unmodifiable maps and lists, strings, booleans, null, and numbers without loss: {@code Long}, {@code BigInteger}
     *     or {@code BigDecimal}
     * @throws MalformedMessageException if an object has a member twice, or a number has an exponent of more than 9 digits
     */
    public @Nullable Object toValue() {
        return JsonValues.read(this);
    }

    private JsonText splice(int cutFrom, int cutTo, JsonText insert) {
        byte[] out = new byte[length() - (cutTo - cutFrom) + insert.length()];
        System.arraycopy(bytes, from, out, 0, cutFrom - from);
        int at = insert.copyTo(out, cutFrom - from);
        System.arraycopy(bytes, cutTo, out, at, to - cutTo);
        return new JsonText(out, 0, out.length, mayHoldLineBreaks || insert.mayHoldLineBreaks);
    }

    /** The same text, when its maker knows that no raw line break is in it. */
    JsonText onOneLine() {
        return new JsonText(bytes, from, to, false, index);
    }

    /** Whether the value is a number without fraction and exponent. */
    boolean isInteger() {
        int first = bytes[from] == '-' ? from + 1 : from;
        for (int i = first; i < to; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return false;
            }
        }
        return first < to;
    }

    private void requireObject() {
        if (!isObject()) {
            throw new IllegalStateException("not a JSON object");
        }
    }

    private JsonScanner scanner() {
        return new JsonScanner(bytes, from, to, JsonLimits.RELAY);
    }

    private JsonText slice(int start, int end) {
        return new JsonText(bytes, start, end, mayHoldLineBreaks);
    }

    private static MalformedMessageException duplicate(String name) {
        return new MalformedMessageException(
                MalformedMessageException.INVALID_REQUEST, "Member '" + name + "' stands twice in one object");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonText that && Arrays.equals(bytes, from, to, that.bytes, that.from, that.to);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash;
    }

    /** The text itself. */
    @Override
    public String toString() {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}
