package io.agenthub.api.server;

import java.time.Instant;
import java.util.Objects;

/**
 * Something about a tool that a person should look at. Findings stand until they are acknowledged by {@link
 * io.agenthub.api.hub.McpServer#acknowledgeTools()}, until the server is restarted by hand, or until the tool is again as it was.
 *
 * @param tool the tool's name, as its server gives it
 * @param kind what was found
 * @param since when it was found
 */
public record ToolFinding(String tool, Kind kind, Instant since) {

    /** What was found. */
    public enum Kind {
        /** Its name, title, description, schemas or annotations are not what they were when it was first seen. */
        CHANGED,
        /** It was not among the tools when all of them were first seen. */
        NEW,
        /** It is not among the tools any more. */
        GONE,
        /** Its definition holds characters that people cannot see, but models can: controls, zero-width and bidirectional ones. */
        HIDDEN_TEXT;

        /**
         * Whether calls of such a tool are refused under {@link ToolPinning#BLOCK}.
         *
         * @return true for what was not there to be looked at: {@link #CHANGED} and {@link #NEW}
         */
        public boolean blocks() {
            return this == CHANGED || this == NEW;
        }
    }

    /** Checks. */
    public ToolFinding {
        Objects.requireNonNull(tool);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(since);
    }
}
