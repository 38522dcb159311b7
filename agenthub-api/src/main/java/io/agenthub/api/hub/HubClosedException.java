package io.agenthub.api.hub;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.ErrorKind;

/** The hub is not open for calls: not started yet, closing, or closed. */
public final class HubClosedException extends AgentHubException {
    private static final long serialVersionUID = 1L;

    /** Its state. */
    private final HubState state;

    /**
     * Creates the refusal.
     *
     * @param state where the hub stands
     * @param dispatched whether a byte of the request may have reached the server
     */
    public HubClosedException(HubState state, boolean dispatched) {
        super(
                state == HubState.NEW || state == HubState.STARTING ? ErrorKind.NOT_READY : ErrorKind.SHUTTING_DOWN,
                "The hub is " + state + (dispatched ? "; the call may have run" : "; the call was not sent"),
                null,
                dispatched,
                null);
        this.state = state;
    }

    /**
     * Where the hub stands.
     *
     * @return its state when the call was refused
     */
    public HubState state() {
        return state;
    }
}
