package io.agenthub.tck.everything;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The levels of log messages (RFC 5424), least severe first. */
final class LogLevels {
    private static final List<String> LEVELS =
            List.of("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency");

    private LogLevels() {}

    /** The place of a level, or a refusal if there is no such level. */
    static int rank(@Nullable String level) {
        int rank = LEVELS.indexOf(level == null ? "" : level);
        if (rank < 0) {
            throw new Refusal(Refusal.INVALID_PARAMS, "Unknown log level");
        }
        return rank;
    }
}
