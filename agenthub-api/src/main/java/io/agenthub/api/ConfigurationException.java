package io.agenthub.api;

import org.jspecify.annotations.Nullable;

/** A configuration that cannot be used; the message names the place, the value and what would be right. */
public final class ConfigurationException extends AgentHubException {
    private static final long serialVersionUID = 1L;

    /** The place. */
    private final String path;

    /** The rest of the message. */
    private final String problem;

    /**
     * Creates the refusal.
     *
     * @param path where in the configuration, such as {@code mcpServers.time.command}
     * @param problem what is wrong there and what would be right
     */
    public ConfigurationException(String path, String problem) {
        this(path, problem, null);
    }

    /**
     * Creates the refusal with its cause.
     *
     * @param path where in the configuration
     * @param problem what is wrong there and what would be right
     * @param cause what led to it, or null
     */
    public ConfigurationException(String path, String problem, @Nullable Throwable cause) {
        super(ErrorKind.BAD_CONFIGURATION, path + ": " + problem, null, false, cause);
        this.path = path;
        this.problem = problem;
    }

    /**
     * Where in the configuration the problem is.
     *
     * @return a dotted path, or a file name
     */
    public String path() {
        return path;
    }

    /**
     * What is wrong there.
     *
     * @return the message without the place
     */
    public String problem() {
        return problem;
    }
}
