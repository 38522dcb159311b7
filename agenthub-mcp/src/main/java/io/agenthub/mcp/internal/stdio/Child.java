package io.agenthub.mcp.internal.stdio;

import io.agenthub.api.Scheduler;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.mcp.internal.process.ProcessTree;
import io.agenthub.mcp.internal.transport.PipeListener;
import io.agenthub.mcp.internal.transport.StdioPipes;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running process from start to end: its lines in, its end noticed, its tree removed. Confined to its loop. */
final class Child implements PipeListener {
    /*
     *            stop()                     2 s        3 s
     *   ALIVE ----------> input closed ---------> TERM -----> KILL ----+
     *     | fail(): stalled, silent, hung start ----------> KILL ------+--- 1 s: abandoned
     *     | exit                                                       |exit
     *     +------------------------------------------------------------+
     *                               v
     *        EXITED: waits for the rest of its outputs, at most 250 ms;
     *                the error output only 20 ms longer than the rest
     *                               v
     *        SWEEPING: what it started is ended too, TERM first if we asked it to stop
     *                               v
     *                             GONE
     *
     * The exit of the process is what counts, never the end of its output: a grandchild may hold that open for hours. An
     * output that ends while the process lives makes it useless, so it is ended. The grace for that (LINGER) also covers an
     * exit event that is late because the host keeps the JDK's common pool busy: the end of the output is the second witness.
     */
    static final Duration INPUT_GRACE = Duration.ofSeconds(2);
    static final Duration TERM_GRACE = Duration.ofSeconds(3);
    static final Duration KILL_GRACE = Duration.ofSeconds(1);
    static final Duration OUTPUT_GRACE = Duration.ofMillis(250);
    private static final Duration INPUT_LOSS_GRACE = Duration.ofSeconds(1);
    private static final Duration ERROR_GRACE = Duration.ofMillis(20);
    private static final Duration LINGER = Duration.ofMillis(100);
    private static final Duration SWEEP_TERM_GRACE = Duration.ofMillis(500);
    private static final Duration SWEEP_INTERVAL = Duration.ofMillis(20);
    private static final int MOST_SWEEPS = 50;
    private static final int BRISK_LOOKS = 50;
    private static final int NOT_KNOWN = 128 + 9;
    private static final Logger log = LoggerFactory.getLogger(Child.class);

    private final String server;
    private final StdioPipes pipes;
    private final ProcessTree tree;
    private final EventLoop loop;
    private final Scheduler scheduler;
    private final Executor pool;
    private final LineFramer framer;
    private final StderrTail stderr;
    private final Owner owner;
    private final List<Scheduler.Task> timers = new ArrayList<>();
    private @Nullable Outbox outbox;
    private BridgeExit.@Nullable Cause cause;
    private String detail = "";
    private OptionalInt status = OptionalInt.empty();
    private boolean outputEnded;
    private boolean errorEnded;
    private boolean waitingForErrors;
    private boolean finished;
    private final AtomicBoolean over = new AtomicBoolean();

    /** Hears what becomes of the child; on its loop. */
    interface Owner {

        /** The child is as good as dead: nothing more will be sent or answered. Exactly once. */
        void ending(BridgeExit exit);

        /** Nothing of the child is left. Exactly once, after {@link #ending}. */
        void gone(BridgeExit exit);

        /** Nothing of the child is left, whose loop ended first. Instead of {@link #gone}, off the loop. */
        void taken();
    }

    Child(
            String server,
            StdioPipes pipes,
            ProcessTree tree,
            EventLoop loop,
            Scheduler scheduler,
            Executor pool,
            LineFramer framer,
            StderrTail stderr,
            Owner owner) {
        this.server = server;
        this.pipes = pipes;
        this.tree = tree;
        this.loop = loop;
        this.scheduler = scheduler;
        this.pool = pool;
        this.framer = framer;
        this.stderr = stderr;
        this.owner = owner;
    }

    long pid() {
        return pipes.process().pid();
    }

    /** Begins to listen to the process. */
    void begin(Outbox queue) {
        outbox = queue;
        pipes.begin();
        pipes.process().onExit().whenComplete((process, failure) -> onLoop(this::checkExit));
    }

    /** Whether nothing was heard or done that ends it. */
    boolean alive() {
        return cause == null;
    }

    @Override
    public void output(byte[] chunk, int from, int to) {
        if (!alive()) {
            return;
        }
        try {
            framer.feed(chunk, from, to);
        } catch (RuntimeException | Error e) {
            notHandled(e);
            fail(BridgeExit.Cause.PROTOCOL, "sent a message that could not be handled");
        }
    }

    private void notHandled(Throwable failure) {
        log.atError()
                .addKeyValue("server", server)
                .setCause(failure)
                .log("A message of the server could not be handled; this is a fault of the hub");
    }

    @Override
    public void errorOutput(byte[] chunk, int from, int to) {
        stderr.append(chunk, from, to);
    }

    @Override
    public void errorEnded() {
        errorEnded = true;
        checkExit();
    }

    @Override
    public void progressed(int bytes) {
        outbox().progressed();
    }

    @Override
    public void drained() {
        outbox().drained();
    }

    @Override
    public void inputFailed(IOException failure) {
        // Most often the process is ending, for which a busy machine takes its time; that is the better explanation.
        after(INPUT_LOSS_GRACE, () -> fail(BridgeExit.Cause.STALLED, "closed its input"));
    }

    @Override
    public void outputEnded() {
        outputEnded = true;
        lookForExit(0);
        if (status.isEmpty()) {
            after(LINGER, this::judgeSilence);
        }
    }

    /** Asks for the exit again and again, since the JDK tells of it by way of the common pool, which may be busy. */
    private void lookForExit(int round) {
        checkExit();
        if (status.isEmpty() && !loop.isShuttingDown()) {
            loop.schedule(() -> lookForExit(round + 1), round < BRISK_LOOKS ? 1 : 20, TimeUnit.MILLISECONDS);
        }
    }

    /** Its output has ended. Did it exit, and the news of that is late, or has it fallen silent? */
    private void judgeSilence() {
        checkExit();
        if (status.isEmpty()) {
            pool.execute(() -> {
                boolean exited = tree.rootExited();
                onLoop(() -> {
                    if (!exited) {
                        fail(BridgeExit.Cause.OUTPUT_CLOSED, "closed its output while it was running");
                    }
                });
            });
        }
    }

    /** Ends it in order: what was said before goes out first, as far as the child takes it. */
    void stop() {
        if (alive()) {
            outbox().flush();
        }
        if (end(BridgeExit.Cause.REQUESTED, "closed by the hub")) {
            outbox().finish(pipes::closeInput);
            after(INPUT_GRACE, () -> {
                if (status.isEmpty()) {
                    pool.execute(tree::terminate);
                    after(TERM_GRACE, this::kill);
                }
            });
        }
    }

    /** Ends it at once, because it is of no use any more. */
    void fail(BridgeExit.Cause why, String what) {
        if (end(why, what)) {
            outbox().close();
            kill();
        }
    }

    private Outbox outbox() {
        return Objects.requireNonNull(outbox, "nothing is heard before it is begun");
    }

    private boolean end(BridgeExit.Cause why, String what) {
        assert loop.inEventLoop();
        if (cause != null || status.isPresent()) {
            return false;
        }
        cause = why;
        detail = what;
        owner.ending(BridgeExit.of(why, what));
        return true;
    }

    private void kill() {
        if (status.isEmpty()) {
            pool.execute(tree::kill);
            after(KILL_GRACE, () -> {
                if (status.isEmpty()) {
                    log.atError()
                            .addKeyValue("server", server)
                            .addKeyValue("pid", pid())
                            .log("The process does not end although it was killed; it is abandoned");
                    exited(NOT_KNOWN);
                }
            });
        }
    }

    private void checkExit() {
        if (status.isEmpty() && !pipes.process().isAlive()) {
            exited(pipes.process().exitValue());
        }
        if (status.isPresent() && outputEnded) {
            if (errorEnded) {
                finish();
            } else if (!waitingForErrors) {
                waitingForErrors = true;
                after(ERROR_GRACE, this::finish);
            }
        }
    }

    private void exited(int code) {
        status = OptionalInt.of(code);
        after(OUTPUT_GRACE, this::finish);
    }

    /** The process has ended and all it wrote was heard. */
    private void finish() {
        if (finished) {
            return;
        }
        try {
            framer.finish();
        } catch (RuntimeException | Error e) {
            notHandled(e);
        }
        finished = true;
        outbox().close();
        pipes.close();
        outbox().letGo();
        BridgeExit exit = exit();
        boolean asked = cause == BridgeExit.Cause.REQUESTED;
        if (cause == null) {
            cause = BridgeExit.Cause.EXITED;
            owner.ending(exit);
        }
        sweep(exit, asked, 0);
    }

    private BridgeExit exit() {
        BridgeExit byStatus = BridgeExit.ofProcess(
                cause == null ? BridgeExit.Cause.EXITED : cause, status.orElse(NOT_KNOWN), stderr.redacted());
        return cause == null
                ? byStatus
                : new BridgeExit(cause, byStatus.code(), byStatus.signal(), detail, byStatus.stderrTail());
    }

    /** Ends what the process left behind, again and again until there is nothing, since processes may still be born. */
    private void sweep(BridgeExit exit, boolean gently, int round) {
        pool.execute(() -> {
            int left = signal(gently && round == 0);
            onLoop(() -> {
                if (left == 0) {
                    gone(exit);
                } else if (round >= MOST_SWEEPS) {
                    log.atError()
                            .addKeyValue("server", server)
                            .addKeyValue("left", left)
                            .log("Processes started by the server do not end although they were killed");
                    gone(exit);
                } else {
                    Duration pause = gently && round == 0 ? SWEEP_TERM_GRACE : SWEEP_INTERVAL;
                    after(pause, () -> sweep(exit, gently, round + 1));
                }
            });
        });
    }

    /** Signals what is left of the tree and counts it; what cannot be counted may still be there. */
    private int signal(boolean gently) {
        try {
            return gently ? tree.terminate() : tree.kill();
        } catch (RuntimeException e) {
            log.atWarn().addKeyValue("server", server).setCause(e).log("The process table cannot be read");
            return 1;
        }
    }

    private void gone(BridgeExit exit) {
        if (over.compareAndSet(false, true)) {
            owner.gone(exit);
        }
        timers.forEach(Scheduler.Task::cancel);
    }

    private void after(Duration delay, Runnable task) {
        timers.add(scheduler.schedule(delay, () -> onLoop(task)));
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            lost();
        }
    }

    /** The loop ended before the child did: its callers cannot be told, but no process may stay behind. From any thread. */
    void lost() {
        if (over.compareAndSet(false, true)) {
            tree.end(pool, () -> {
                try {
                    pipes.close();
                } finally {
                    owner.taken();
                }
            });
        }
    }
}
