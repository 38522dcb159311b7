package io.agenthub.api.server;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.ErrorKind;

/** The definition of a tool changed, and its server is configured with {@link ToolPinning#BLOCK}; nothing was sent. */
public final class ToolBlockedException extends AgentHubException {
    private static final long serialVersionUID = 1L;

    /** What was found. */
    private final transient ToolFinding finding;

    /**
     * Creates the failure.
     *
     * @param server the server's name
     * @param finding what was found
     */
    public ToolBlockedException(String server, ToolFinding finding) {
        super(
                ErrorKind.FORBIDDEN,
                "Tool '" + finding.tool() + "' of server '" + server + "' is blocked: "
                        + (finding.kind() == ToolFinding.Kind.NEW
                                ? "it was not there when the tools were first seen"
                                : "its definition changed since it was first seen")
                        + "; acknowledge the tools of the server if that is meant",
                server,
                false,
                null);
        this.finding = finding;
    }

    /**
     * What was found.
     *
     * @return the finding
     */
    public ToolFinding finding() {
        return finding;
    }
}
