package io.agenthub.api.bridge;

import io.agenthub.api.ErrorKind;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How a connection ended.
 *
 * @param cause why
 * @param code the exit code of the process; empty if it was killed by a signal, or there is no process
 * @param signal the signal's number; empty if there was none
 * @param detail one sentence for people
 * @param stderrTail the last of what the process wrote to its error output, redacted, at most 2 KiB; empty if nothing
 */
public record BridgeExit(Cause cause, OptionalInt code, OptionalInt signal, String detail, String stderrTail) {

    /** Why a connection ended. */
    public enum Cause {
        /** The hub closed it. */
        REQUESTED(ErrorKind.SHUTTING_DOWN),
        /** The process exited, or the peer closed the connection. */
        EXITED(ErrorKind.CHILD_EXITED),
        /** The process lives but closed its output. */
        OUTPUT_CLOSED(ErrorKind.CHILD_EXITED),
        /** The server stopped reading its input. */
        STALLED(ErrorKind.CHILD_STALLED),
        /** The server broke the protocol so that going on makes no sense. */
        PROTOCOL(ErrorKind.CHILD_PROTOCOL);

        private final ErrorKind kind;

        Cause(ErrorKind kind) {
            this.kind = kind;
        }

        /**
         * The kind of the failure that pending calls get.
         *
         * @return the kind
         */
        public ErrorKind kind() {
            return kind;
        }
    }

    /**
     * An end without a process.
     *
     * @param cause why
     * @param detail one sentence for people
     * @return the exit
     */
    public static BridgeExit of(Cause cause, String detail) {
        return new BridgeExit(cause, OptionalInt.empty(), OptionalInt.empty(), detail, "");
    }

    /**
     * The end of a process.
     *
     * @param cause why
     * @param status the exit status as a POSIX shell counts it: above 128, a signal
     * @param stderrTail the redacted tail of its error output
     * @return the exit
     */
    public static BridgeExit ofProcess(Cause cause, int status, @Nullable String stderrTail) {
        boolean signalled = status > 128 && status <= 128 + 64;
        OptionalInt none = OptionalInt.empty();
        return new BridgeExit(
                cause,
                signalled ? none : OptionalInt.of(status),
                signalled ? OptionalInt.of(status - 128) : none,
                signalled ? "killed by signal " + (status - 128) : "exited with code " + status,
                Optional.ofNullable(stderrTail).orElse(""));
    }
}
