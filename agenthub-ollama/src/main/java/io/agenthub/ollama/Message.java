package io.agenthub.ollama;

import java.util.Objects;

/**
 * One message of a conversation.
 *
 * @param role {@code system}, {@code user}, {@code assistant} or {@code tool}
 * @param content what was said
 */
public record Message(String role, String content) {

    /** Checks that nothing is null. */
    public Message {
        Objects.requireNonNull(role);
        Objects.requireNonNull(content);
    }

    /**
     * What the model is told to do.
     *
     * @param content the instructions
     * @return the message
     */
    public static Message system(String content) {
        return new Message("system", content);
    }

    /**
     * What the user says.
     *
     * @param content the text
     * @return the message
     */
    public static Message user(String content) {
        return new Message("user", content);
    }

    /** Shows the length, not the text. */
    @Override
    public String toString() {
        return "Message[" + role + ", " + content.length() + " characters]";
    }
}
