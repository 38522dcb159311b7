package io.agenthub.api.activity;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One thing that happened.
 *
 * @param sequence its place in the order of acceptance, from 1; 0 before a store accepted it
 * @param at when it ended, UTC
 * @param kind what sort of thing it is
 * @param client who asked, as claimed; never an identity
 * @param peer the address it came from
 * @param server the MCP server concerned
 * @param method the MCP method, or the name of the event
 * @param tool the tool called
 * @param outcome {@code OK}, {@code ERROR} for a server's own error, or the name of an {@link io.agenthub.api.ErrorKind}
 * @param httpStatus the status answered, if it came by HTTP
 * @param duration from acceptance to end
 * @param bytesIn the size of the parameters
 * @param bytesOut the size of the outcome
 * @param requestId the caller's id as written
 * @param detail one sentence for people
 */
public record Activity(
        long sequence,
        Instant at,
        Kind kind,
        Optional<String> client,
        Optional<String> peer,
        Optional<String> server,
        Optional<String> method,
        Optional<String> tool,
        String outcome,
        OptionalInt httpStatus,
        Duration duration,
        long bytesIn,
        long bytesOut,
        Optional<String> requestId,
        Optional<String> detail) {

    /** What sort of thing happened. */
    public enum Kind {
        /** A request or notification to a server. */
        CALL,
        /** A server changed its state. */
        SERVER,
        /** A breaker changed its state. */
        BREAKER,
        /** A prompt was enhanced. */
        ENHANCEMENT,
        /** Records were lost; the detail says how many. */
        GAP
    }
}
