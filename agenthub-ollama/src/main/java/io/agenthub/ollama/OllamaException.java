package io.agenthub.ollama;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.ErrorKind;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The model server could not be reached, refused a request, or answered with something that cannot be used. */
public final class OllamaException extends AgentHubException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST = 500;

    /** The status code, 0 if there was no answer. */
    private final int status;

    OllamaException(ErrorKind kind, String message, int status, boolean dispatched, @Nullable Throwable cause) {
        super(kind, printable(message), "ollama", dispatched, cause);
        this.status = status;
    }

    /** An answer that is not what the API promises. */
    static OllamaException garbage(String what, @Nullable Throwable cause) {
        return new OllamaException(
                ErrorKind.CHILD_PROTOCOL, "The answer cannot be understood: " + what, 200, true, cause);
    }

    /** An answer that is longer than allowed. */
    static OllamaException tooLong(int maxAnswerBytes) {
        return new OllamaException(
                ErrorKind.FRAME_TOO_LARGE,
                "The answer is longer than maxAnswerBytes, which is " + maxAnswerBytes,
                200,
                true,
                null);
    }

    private static String printable(String message) {
        String cut = message.length() > LONGEST ? message.substring(0, LONGEST) + "…" : message;
        return cut.replaceAll("\\p{Cntrl}+", " ");
    }

    /**
     * The status code of the answer.
     *
     * @return empty if there was none; 200 if the answer began well and failed later
     */
    public OptionalInt status() {
        return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
    }

    /**
     * Whether the server does not have the model, or does not have what was asked for.
     *
     * @return true for status 404
     */
    public boolean isNotFound() {
        return status == 404;
    }
}
