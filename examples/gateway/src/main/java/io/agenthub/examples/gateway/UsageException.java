package io.agenthub.examples.gateway;

/** A command line that makes no sense. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String problem) {
        super(problem);
    }
}
