package io.agenthub.mcp.internal.config;

import java.util.Locale;

/** Tells a misspelt word from another word. */
final class Spelling {
    private static final int SLIPS = 2;

    private Spelling() {}

    /** Whether a word is probably meant to be another: the same in another case, or a slip or two away. */
    static boolean isSlipOf(String word, String meant) {
        String written = word.toLowerCase(Locale.ROOT);
        String known = meant.toLowerCase(Locale.ROOT);
        return !word.equals(meant) && within(written, 0, known, 0, SLIPS);
    }

    private static boolean within(String a, int i, String b, int j, int slips) {
        int x = i;
        int y = j;
        while (x < a.length() && y < b.length() && a.charAt(x) == b.charAt(y)) {
            x++;
            y++;
        }
        if (x == a.length() && y == b.length()) {
            return true;
        }
        return slips > 0
                && ((x < a.length() && within(a, x + 1, b, y, slips - 1))
                        || (y < b.length() && within(a, x, b, y + 1, slips - 1))
                        || (x < a.length() && y < b.length() && within(a, x + 1, b, y + 1, slips - 1)));
    }
}
