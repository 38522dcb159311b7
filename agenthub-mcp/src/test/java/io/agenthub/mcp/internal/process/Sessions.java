package io.agenthub.mcp.internal.process;

/** Counts processes for tests outside this package. */
public final class Sessions {
    private Sessions() {}

    /** How many live processes a session has. */
    public static int count(long session) {
        return SessionScan.members(session).size();
    }
}
