package io.agenthub.mcp.internal.stdio;

import java.util.Optional;

/**
 * Finds the id in a message that is too long to keep, reading it once, piece by piece, in a few hundred bytes of memory.
 * Confined to one thread.
 *
 * <p>Judges nothing: of anything but a JSON object it finds no id. A name written with escapes is not recognised.
 */
final class EnvelopeScan {
    private static final int LONGEST = 64;

    private final StringBuilder token = new StringBuilder();
    private int depth;
    private boolean begun;
    private boolean foreign;
    private boolean inString;
    private boolean escaped;
    private boolean inValue;
    private String name = "";
    private String id = "";
    private boolean method;
    private long length;

    /** Reads on. */
    void feed(byte[] bytes, int from, int to) {
        length += to - from;
        for (int i = from; i < to && !foreign; i++) {
            next(bytes[i]);
        }
    }

    /** How many bytes were read. */
    long length() {
        return length;
    }

    /** The id as written, if there is one and the message is an answer. */
    Optional<String> answerId() {
        return id.isEmpty() || method || foreign ? Optional.empty() : Optional.of(id);
    }

    private void next(byte b) {
        if (inString) {
            string(b);
        } else if (b == '"') {
            inString = true;
            collect(b);
        } else if (b == '{' || b == '[') {
            foreign = !begun && b != '{';
            begun = true;
            depth++;
        } else if (b == '}' || b == ']') {
            if (depth == 1) {
                endMember();
            }
            depth--;
        } else if (depth == 1) {
            structure(b);
        } else if (!begun && (b & 0xFF) > ' ') {
            foreign = true;
        }
    }

    private void string(byte b) {
        collect(b);
        if (escaped) {
            escaped = false;
        } else if (b == '\\') {
            escaped = true;
        } else if (b == '"') {
            inString = false;
        }
    }

    private void structure(byte b) {
        if (b == ':' && !inValue) {
            name = token.toString();
            token.setLength(0);
            inValue = true;
            method |= name.equals("\"method\"");
        } else if (b == ',') {
            endMember();
        } else if ((b & 0xFF) > ' ') {
            collect(b);
        }
    }

    private void collect(byte b) {
        if (depth == 1 && token.length() < LONGEST) {
            token.append((char) (b & 0xFF));
        }
    }

    private void endMember() {
        if (inValue && name.equals("\"id\"")) {
            id = token.toString();
        }
        token.setLength(0);
        inValue = false;
    }
}
