package io.agenthub.mcp.internal.call;

import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls what others wrote: a throw there is theirs, is logged, and changes nothing here. */
public final class Guard {
    private static final Logger log = LoggerFactory.getLogger(Guard.class);

    private final String server;

    /**
     * Guards the callbacks of one bridge.
     *
     * @param server the server's name
     */
    public Guard(String server) {
        this.server = server;
    }

    /**
     * Calls.
     *
     * @param callback what is called, for the log
     * @param call the call
     */
    public void run(String callback, Runnable call) {
        test(callback, () -> {
            call.run();
            return true;
        });
    }

    /**
     * Asks.
     *
     * @param callback what is asked, for the log
     * @param question the question
     * @return the answer; true if there is none, because it threw
     */
    public boolean test(String callback, BooleanSupplier question) {
        try {
            return question.getAsBoolean();
        } catch (RuntimeException | Error e) {
            log.atWarn()
                    .addKeyValue("server", server)
                    .addKeyValue("callback", callback)
                    .setCause(e)
                    .log("A listener failed; it must not throw");
            return true;
        }
    }
}
