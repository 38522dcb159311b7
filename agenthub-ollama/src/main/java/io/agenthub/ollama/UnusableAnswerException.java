package io.agenthub.ollama;

/** What a model wrote cannot take the place of the prompt. Carries no stack trace: it is no fault of the code. */
final class UnusableAnswerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnusableAnswerException(String message) {
        super(message, null, false, false);
    }
}
