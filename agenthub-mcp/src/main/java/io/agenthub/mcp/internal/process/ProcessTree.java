package io.agenthub.mcp.internal.process;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A child and everything it started. Thread-safe; all methods but {@link #end} read the process table and so may block for milliseconds.
 *
 * <p>On Linux a child leads a session of its own, and whatever it starts stays in that session, also when its parents exit;
 * only a process that makes itself a new session escapes. Elsewhere the tree is what the system knows as descendants.
 *
 * <p>Signals go to processes whose start time is still the one seen, so that a reused id is never hit.
 */
public final class ProcessTree {
    private static final long SWEEP_MILLIS = 20;
    private static final int MOST_SWEEPS = 50;

    private final ProcessHandle root;
    private final boolean ownSession;
    private final Map<Long, ProcessHandle> known = new LinkedHashMap<>();

    /**
     * Names a tree.
     *
     * @param root its first process
     * @param ownSession whether it leads a session of its own
     */
    public ProcessTree(ProcessHandle root, boolean ownSession) {
        this.root = root;
        this.ownSession = ownSession;
    }

    /**
     * The processes alive now, the root included.
     *
     * @return a snapshot
     */
    public synchronized Collection<ProcessHandle> alive() {
        try (Stream<ProcessHandle> descendants = root.descendants()) {
            descendants.forEach(this::remember);
        }
        if (ownSession) {
            SessionScan.members(root.pid()).forEach(this::remember);
        }
        remember(root);
        known.values().removeIf(process -> !process.isAlive() || SessionScan.isZombie(process.pid()));
        return Map.copyOf(known).values();
    }

    /**
     * Whether the first process has exited, noticed by its parent or not.
     *
     * @return true also if it is a zombie
     */
    public boolean rootExited() {
        return !root.isAlive() || SessionScan.isZombie(root.pid());
    }

    private void remember(ProcessHandle process) {
        known.putIfAbsent(process.pid(), process);
    }

    /**
     * Asks every process of the tree to end.
     *
     * @return how many were asked
     */
    public int terminate() {
        return signal(false);
    }

    /**
     * Ends every process of the tree, also those begun meanwhile.
     *
     * @return how many there were when it began; zero means that nothing is left
     */
    public int kill() {
        return signal(true);
    }

    /**
     * Ends every process of the tree, again and again for about a second until nothing is left. Needs no clock and no loop, which may
     * have ended.
     *
     * @param pool where to look and signal
     * @param whenGone runs there once nothing is left, or nothing that can be ended
     */
    public void end(Executor pool, Runnable whenGone) {
        end(pool, whenGone, 0);
    }

    private void end(Executor pool, Runnable whenGone, int round) {
        pool.execute(() -> {
            if (left() == 0 || round >= MOST_SWEEPS) {
                whenGone.run();
            } else {
                CompletableFuture.delayedExecutor(SWEEP_MILLIS, TimeUnit.MILLISECONDS)
                        .execute(() -> end(pool, whenGone, round + 1));
            }
        });
    }

    /** What cannot be counted may still be there. */
    private int left() {
        try {
            return kill();
        } catch (RuntimeException e) {
            return 1;
        }
    }

    private int signal(boolean kill) {
        Collection<ProcessHandle> processes = alive();
        for (ProcessHandle process : processes) {
            if (kill) {
                process.destroyForcibly();
            } else {
                process.destroy();
            }
        }
        return processes.size();
    }
}
