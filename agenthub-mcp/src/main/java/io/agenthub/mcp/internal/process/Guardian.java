package io.agenthub.mcp.internal.process;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small process that outlives this JVM by a moment: if the JVM ends without having said goodbye, killed or crashed, it
 * kills every session it was told of. Thread-safe; each method may block for milliseconds.
 *
 * <p>It needs a POSIX shell and Linux's process table, and runs in a session of its own, so that a signal to the JVM's group
 * does not reach it.
 */
public final class Guardian {
    /*
     * The script learns of sessions on its input, which only this JVM holds open: the end of that input is the end of the
     * JVM, by whatever means. It then sweeps the process table until two rounds in a row find nobody.
     */
    private static final Logger log = LoggerFactory.getLogger(Guardian.class);

    private final List<String> prefix;
    private final Set<Long> sessions = new LinkedHashSet<>();
    private @Nullable Process process;
    private boolean closed;
    private boolean failed;

    /**
     * Makes the guardian; nothing is started before there is a session to watch.
     *
     * @param prefix what starts a process in a session of its own
     */
    public Guardian(List<String> prefix) {
        this.prefix = List.copyOf(prefix);
    }

    /** Read when it is first needed, on a thread that starts processes: it comes from a jar, and reading blocks. */
    private static final class Script {
        static final String TEXT = read();

        private Script() {}

        private static String read() {
            try (InputStream script = Guardian.class.getResourceAsStream("/io/agenthub/mcp/guardian.sh")) {
                if (script == null) {
                    throw new IllegalStateException("guardian.sh is missing from the jar");
                }
                return new String(script.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * Takes charge of a session.
     *
     * @param session the id of its first process
     */
    public synchronized void watch(long session) {
        sessions.add(session);
        if (!closed && (process == null || !tell("+ " + session))) {
            restart();
        }
    }

    /**
     * Lets go of a session of which nothing is left.
     *
     * @param session the id of its first process
     */
    public synchronized void forget(long session) {
        if (sessions.remove(session) && process != null && !tell("- " + session) && !sessions.isEmpty()) {
            restart();
        }
    }

    /** Says goodbye: the guardian ends and kills nobody. */
    public synchronized void close() {
        closed = true;
        if (process != null) {
            tell("q");
            close(process.getOutputStream());
            process = null;
        }
    }

    private void restart() {
        try {
            List<String> words = new ArrayList<>(prefix);
            words.addAll(List.of("/bin/sh", "-c", Script.TEXT, "agenthub-guardian"));
            ProcessBuilder builder = new ProcessBuilder(words)
                    .directory(new File("/"))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().clear();
            builder.environment().putAll(Map.of("PATH", "/usr/bin:/bin"));
            process = Launcher.start(builder);
            sessions.forEach(session -> tell("+ " + session));
        } catch (IOException e) {
            process = null;
            if (!failed) {
                failed = true;
                log.atWarn()
                        .setCause(e)
                        .log(
                                "No guardian: should this JVM be killed, servers that ignore the end of their input stay behind");
            }
        }
    }

    private boolean tell(String line) {
        try {
            if (process != null) {
                OutputStream ear = process.getOutputStream();
                ear.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
                ear.flush();
                return true;
            }
        } catch (IOException e) {
            log.atDebug().setCause(e).log("The guardian ended");
        }
        return false;
    }

    private static void close(OutputStream ear) {
        try {
            ear.close();
        } catch (IOException e) {
            log.atDebug().setCause(e).log("The guardian ended before it was told to");
        }
    }
}
