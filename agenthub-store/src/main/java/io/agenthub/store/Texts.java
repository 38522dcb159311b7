package io.agenthub.store;

import org.jspecify.annotations.Nullable;

/** Texts as databases and UTF-8 can hold them, and as they are looked for. */
final class Texts {
    private Texts() {}

    /** Replaces NUL and halves of surrogate pairs; nothing stays nothing. */
    static @Nullable String clean(@Nullable String text) {
        return text == null ? null : cleaned(text);
    }

    /** Replaces NUL and halves of surrogate pairs. */
    static String cleaned(String text) {
        return isClean(text) ? text : replaced(text);
    }

    private static boolean isClean(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    private static String replaced(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints()
                .map(point -> point == 0 || (point >= 0xd800 && point <= 0xdfff) ? 0xfffd : point)
                .forEach(out::appendCodePoint);
        return out.toString();
    }

    /** Whether a part is in a text; ASCII letters are alike in both cases. */
    static boolean contains(@Nullable String text, String part) {
        if (text == null) {
            return false;
        }
        for (int at = 0; at <= text.length() - part.length(); at++) {
            if (isAt(text, at, part)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAt(String text, int at, String part) {
        for (int i = 0; i < part.length(); i++) {
            if (folded(text.charAt(at + i)) != folded(part.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static char folded(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + 'a' - 'A') : c;
    }
}
