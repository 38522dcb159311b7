package io.agenthub.api.server;

import java.util.Objects;

/**
 * Where in the arguments of a tool a prompt stands that may be improved before the tool is called. Nothing else of a call is
 * ever changed.
 *
 * @param tool the tool's name, as the server lists it
 * @param pointer a JSON pointer (RFC 6901) into the tool's arguments, such as {@code /prompt}; what stands there is improved if
 *     it is a string
 * @param when which calls it applies to
 */
public record ToolPrompt(String tool, String pointer, When when) {

    /** Which calls have their prompt improved. */
    public enum When {
        /** Every call that does not decline. */
        ALWAYS,
        /** Calls that ask for it. */
        ASKED
    }

    /**
     * Checks the pointer.
     *
     * @throws IllegalArgumentException if the tool has no name, or the pointer does not lead to one argument or into it
     */
    public ToolPrompt {
        Objects.requireNonNull(when);
        if (tool.isBlank()) {
            throw new IllegalArgumentException("enhance names no tool");
        }
        if (!pointer.startsWith("/") || pointer.matches(".*~(?![01]).*")) {
            throw new IllegalArgumentException("pointer of tool '" + tool + "' is '" + pointer
                    + "', must be a JSON pointer into the arguments, such as /prompt");
        }
    }

    /**
     * The prompt of a tool, improved in every call that does not decline.
     *
     * @param tool the tool's name
     * @param pointer where the prompt stands in the arguments
     * @return the place
     */
    public static ToolPrompt always(String tool, String pointer) {
        return new ToolPrompt(tool, pointer, When.ALWAYS);
    }

    /**
     * The prompt of a tool, improved in calls that ask for it.
     *
     * @param tool the tool's name
     * @param pointer where the prompt stands in the arguments
     * @return the place
     */
    public static ToolPrompt asked(String tool, String pointer) {
        return new ToolPrompt(tool, pointer, When.ASKED);
    }
}
