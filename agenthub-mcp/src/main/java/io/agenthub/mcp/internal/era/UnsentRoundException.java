package io.agenthub.mcp.internal.era;

import io.agenthub.api.AgentHubException;
import java.time.Duration;
import java.util.Optional;

/** A later round of a call could not be sent. The call as a whole was, and may have run. */
final class UnsentRoundException extends AgentHubException {
    private static final long serialVersionUID = 1L;

    /** Why it could not be sent. */
    private final AgentHubException reason;

    UnsentRoundException(AgentHubException reason) {
        super(
                reason.kind(),
                reason.getMessage() + "; what was sent of the call before may have run",
                reason.server().orElse(null),
                true,
                reason);
        this.reason = reason;
    }

    @Override
    public Optional<Duration> retryAfter() {
        return reason.retryAfter();
    }
}
