package io.agenthub.ollama;

import java.util.List;
import java.util.Locale;

/**
 * Takes reasoning out of an answer: whatever stands between the tags that models use for it, in a text that comes in pieces.
 * Confined to one thread at a time.
 */
final class ThinkFilter {
    /*
     * Some templates write the opening tag into the prompt, so that an answer begins within the reasoning and shows only the
     * closing tag. What came before such a tag is void then, also if it was handed out already: see voided().
     *
     * A tag may be cut anywhere between two pieces, so the end of a piece that could be the beginning of a tag is held back.
     */
    private static final List<String> OPENING = List.of("<think>", "<thinking>", "<thought>", "<reasoning>");
    private static final List<String> CLOSING = List.of("</think>", "</thinking>", "</thought>", "</reasoning>");
    private static final int LONGEST_TAG = "</reasoning>".length();

    private final StringBuilder held = new StringBuilder();
    private final StringBuilder answer = new StringBuilder();
    private int depth;
    private boolean voided;

    /** Takes the next piece, and returns what of the answer can be shown. */
    String accept(String piece) {
        voided = false;
        held.append(piece);
        StringBuilder shown = new StringBuilder();
        int at = 0;
        while (at < held.length()) {
            int tag = held.indexOf("<", at);
            int end = tag < 0 ? held.length() : tag;
            say(held, at, end, shown);
            at = end;
            if (tag >= 0) {
                int length = tag(tag, shown);
                if (length < 0) {
                    break;
                }
                at = tag + length;
            }
        }
        held.delete(0, at);
        return shown.toString();
    }

    /** Handles what begins with an angle bracket: returns its length, or -1 if more of the text is needed to know. */
    private int tag(int at, StringBuilder shown) {
        String text =
                held.substring(at, Math.min(held.length(), at + LONGEST_TAG)).toLowerCase(Locale.ROOT);
        for (String tag : OPENING) {
            if (text.startsWith(tag)) {
                depth++;
                return tag.length();
            }
        }
        for (String tag : CLOSING) {
            if (text.startsWith(tag)) {
                close(shown);
                return tag.length();
            }
        }
        boolean unfinished = text.length() < LONGEST_TAG
                && (OPENING.stream().anyMatch(tag -> tag.startsWith(text))
                        || CLOSING.stream().anyMatch(tag -> tag.startsWith(text)));
        if (unfinished) {
            return -1;
        }
        say(held, at, at + 1, shown);
        return 1;
    }

    private void close(StringBuilder shown) {
        if (depth > 0) {
            depth--;
        } else {
            voided = true;
            answer.setLength(0);
            shown.setLength(0);
        }
    }

    private void say(CharSequence text, int from, int to, StringBuilder shown) {
        if (depth == 0) {
            answer.append(text, from, to);
            shown.append(text, from, to);
        }
    }

    /** Whether the last piece has shown that all before it was reasoning. */
    boolean voided() {
        return voided;
    }

    /** The whole answer, once there are no more pieces: empty if the reasoning never ended. */
    String finish() {
        say(held, 0, held.length(), new StringBuilder());
        held.setLength(0);
        return depth > 0 ? "" : answer.toString();
    }

    /** Takes the reasoning out of a whole answer. */
    static String strip(String text) {
        ThinkFilter filter = new ThinkFilter();
        filter.accept(text);
        return filter.finish();
    }
}
