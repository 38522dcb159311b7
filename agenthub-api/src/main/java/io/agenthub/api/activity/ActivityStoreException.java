package io.agenthub.api.activity;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.ErrorKind;
import org.jspecify.annotations.Nullable;

/** An activity store cannot do what it was asked: its file or database is not usable, or not at the moment. */
public final class ActivityStoreException extends AgentHubException {
    private static final long serialVersionUID = 1L;

    private ActivityStoreException(ErrorKind kind, String message, @Nullable Throwable cause) {
        super(kind, message, null, false, cause);
    }

    /**
     * The store cannot be used until somebody changes something: a folder, a permission, another process.
     *
     * @param message what is wrong and what would be right
     * @param cause what led to it, or null
     * @return the exception, of kind {@link ErrorKind#BAD_CONFIGURATION}
     */
    public static ActivityStoreException unusable(String message, @Nullable Throwable cause) {
        return new ActivityStoreException(ErrorKind.BAD_CONFIGURATION, message, cause);
    }

    /**
     * Reading or writing failed.
     *
     * @param message what was tried
     * @param cause what led to it, or null
     * @return the exception, of kind {@link ErrorKind#INTERNAL}
     */
    public static ActivityStoreException failed(String message, @Nullable Throwable cause) {
        return new ActivityStoreException(ErrorKind.INTERNAL, message, cause);
    }

    /**
     * The store is closing or closed.
     *
     * @return the exception, of kind {@link ErrorKind#SHUTTING_DOWN}
     */
    public static ActivityStoreException closed() {
        return new ActivityStoreException(ErrorKind.SHUTTING_DOWN, "The activity store is closed", null);
    }
}
