package io.agenthub.store;

import io.agenthub.api.activity.ActivityStoreException;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A failure of the store itself, or of the machine, that nobody has thought of: what its session remembers may be anything. */
final class MistakeException extends SQLException {
    private static final Logger LOG = LoggerFactory.getLogger(MistakeException.class);
    private static final long serialVersionUID = 1L;

    private MistakeException(Throwable cause) {
        super("a mistake in the activity store: " + cause, cause);
    }

    /** A failure as one of the database, or as a mistake, which is logged. */
    static SQLException unlessKnown(Throwable failure) {
        if (failure instanceof SQLException ofTheDatabase) {
            return ofTheDatabase;
        }
        if (failure instanceof ActivityStoreException told) {
            return new SQLException(told.getMessage(), told);
        }
        LOG.atError().setCause(failure).log("The activity store made a mistake; it connects anew and goes on");
        return new MistakeException(failure);
    }
}
