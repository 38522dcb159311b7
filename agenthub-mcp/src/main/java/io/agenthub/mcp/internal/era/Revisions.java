package io.agenthub.mcp.internal.era;

import java.util.List;
import java.util.Optional;

/** The revisions of MCP spoken towards servers. */
public final class Revisions {
    /** The stateless revisions, the newest first. */
    public static final List<String> MODERN = List.of("2026-07-28");

    /** The revisions with a session, the newest first. */
    public static final List<String> LEGACY = List.of("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05");

    private Revisions() {}

    /**
     * The stateless revision to speak with a server.
     *
     * @param supported what the server speaks
     * @return the newest that both speak, if there is one
     */
    public static Optional<String> common(List<String> supported) {
        return MODERN.stream().filter(supported::contains).findFirst();
    }
}
