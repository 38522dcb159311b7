package io.agenthub.mcp.internal.stdio;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls what others wrote: a throw there is theirs, is logged, and changes nothing here. */
final class Guard {
    private static final Logger log = LoggerFactory.getLogger(Guard.class);

    private final String server;

    Guard(String server) {
        this.server = server;
    }

    void run(String callback, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error e) {
            log.atWarn()
                    .addKeyValue("server", server)
                    .addKeyValue("callback", callback)
                    .setCause(e)
                    .log("A listener failed; it must not throw");
        }
    }
}
