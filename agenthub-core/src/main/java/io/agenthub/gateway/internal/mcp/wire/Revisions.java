package io.agenthub.gateway.internal.mcp.wire;

import java.util.List;

/** The revisions of MCP, and what changed with them. */
public final class Revisions {
    /** The first stateless revision, the only one spoken here. */
    public static final String MODERN = "2026-07-28";

    /** The latest revision with sessions. */
    public static final String LATEST_LEGACY = "2025-11-25";

    private static final String BATCHING = "2025-03-26";
    private static final List<String> LEGACY = List.of("2024-11-05", BATCHING, "2025-06-18", LATEST_LEGACY);
    private static final String DATE = "0000-00-00";

    private Revisions() {}

    /**
     * Whether a revision with sessions is spoken here.
     *
     * @param version what a client says
     * @return true for the four dated revisions up to {@link #LATEST_LEGACY}
     */
    public static boolean isLegacy(String version) {
        return LEGACY.contains(version);
    }

    /**
     * Whether a version belongs to the stateless era, known here or not.
     *
     * @param version what a client or server says
     * @return true from {@link #MODERN} on
     */
    public static boolean isModern(String version) {
        return isDate(version) && version.compareTo(MODERN) >= 0;
    }

    private static boolean isDate(String version) {
        boolean date = version.length() == DATE.length();
        for (int i = 0; date && i < DATE.length(); i++) {
            char c = version.charAt(i);
            date = DATE.charAt(i) == '0' ? c >= '0' && c <= '9' : c == '-';
        }
        return date;
    }

    /**
     * What is agreed on with a client that begins a session.
     *
     * @param asked what it asks for
     * @return the same if it is spoken here, else the latest one with sessions
     */
    public static String negotiated(String asked) {
        return isLegacy(asked) ? asked : LATEST_LEGACY;
    }

    /**
     * Whether a client understands an event without data, which gives it an id to resume from. Older ones break on it.
     *
     * @param version what was agreed on
     * @return true since 2025-11-25
     */
    public static boolean primes(String version) {
        return version.compareTo(LATEST_LEGACY) >= 0;
    }

    /**
     * Whether a client may send several messages in one array.
     *
     * @param version what was agreed on
     * @return true for 2025-03-26 alone
     */
    public static boolean batches(String version) {
        return version.equals(BATCHING);
    }
}
