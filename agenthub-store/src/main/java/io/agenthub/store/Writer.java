package io.agenthub.store;

import io.agenthub.api.Scheduler;
import io.agenthub.api.activity.ActivityStoreException;
import io.agenthub.api.activity.ChainHead;
import io.agenthub.store.WriteSession.Attempt;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes: takes whatever waits, commits it as one transaction, tells whoever waits for it, and does a step
 * of housekeeping in between.
 *
 * <p>While the database cannot be written, it tries again with growing pauses; activities wait in the queue meanwhile, and are
 * given up, as a gap, only when the queue is full or {@link StoreOptions#writeTimeout()} has passed.
 */
final class Writer implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private static final String UNFIT = "The activity cannot be prepared for the record, as the log says";
    private static final long MEASURE_NANOS = Duration.ofMillis(100).toNanos();
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Database database;
    private final PendingQueue queue;
    private final StoreOptions options;
    private final Scheduler scheduler;
    private final Notices notices;
    private final Preparation preparation;
    private final StoreThread thread = new StoreThread(this, "writer");
    private final Queue<Chore> chores = new ConcurrentLinkedQueue<>();

    private volatile boolean closing;
    private volatile boolean abandoned;
    private volatile boolean suspect;
    private volatile boolean retryDue;
    private volatile boolean ended;

    private final AtomicLong written = new AtomicLong();
    private volatile long bytes;
    private volatile @Nullable ChainHead head;
    private volatile @Nullable String problem;
    private final AtomicInteger generation = new AtomicInteger();

    private final Pace pace;
    private final Batch batch;
    private final Gathering gathering;
    private boolean unmeasured;
    /** Whether a store that closes has tried to leave whole sums behind; whoever opens it next makes up for it. */
    private boolean sumsLeft;

    private long measuredAt;
    private @Nullable WriteSession session;
    private @Nullable Chore chore;
    private Runnable onOpen = () -> {};
    private Consumer<Throwable> onRefused = failure -> {};
    private Runnable onEnd = () -> {};

    Writer(
            Database database,
            PendingQueue queue,
            Preparation preparation,
            StoreOptions options,
            Scheduler scheduler,
            Executor executor) {
        this.database = database;
        this.queue = queue;
        this.options = options;
        this.scheduler = scheduler;
        this.notices = new Notices(queue, executor);
        this.preparation = preparation;
        this.batch = new Batch(queue, preparation);
        this.pace = new Pace(options.commitInterval(), options.linger());
        int enough = Math.min(Batch.MOST, options.maxQueued() / 4);
        this.gathering = new Gathering(queue, thread, enough, pace, this::isWantedOtherwise);
    }

    /** Something to do between transactions, a step at a time. */
    interface Chore {
        /** Does a step. Returns whether that was the last. */
        boolean step(WriteSession session) throws SQLException;

        /** The last step was done. */
        void finish();

        /** It will not be finished. */
        void fail(Throwable cause);
    }

    void start(Runnable opened, Consumer<Throwable> refused, Runnable end) {
        onOpen = opened;
        onRefused = refused;
        onEnd = end;
        thread.start();
    }

    /** Where it waits. */
    Gathering gathering() {
        return gathering;
    }

    void add(Chore added) {
        chores.add(added);
        LockSupport.unpark(thread);
        if (ended) {
            failChores();
        }
    }

    /** Retention removed an activity that had been changed, or could not be read, and perhaps more of them in the same step. */
    void removedChanged(long sequence) {
        LOG.atError()
                .addKeyValue("sequence", sequence)
                .log("Retention removed an activity that had been changed, or could not be read");
        queue.note(0, "retention removed activity " + sequence + ", which had been changed or could not be read");
    }

    /** A reader met damage. */
    void suspectDamage() {
        suspect = true;
        LockSupport.unpark(thread);
    }

    void close() {
        closing = true;
        LockSupport.unpark(thread);
    }

    /** Closing took too long: what still waits is lost. */
    void abandon() {
        abandoned = true;
        LockSupport.unpark(thread);
    }

    boolean hasEnded() {
        return ended;
    }

    long written() {
        return written.get();
    }

    long bytes() {
        return bytes;
    }

    Optional<ChainHead> head() {
        return Optional.ofNullable(head);
    }

    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** Grows when the database was replaced, so that readers connect anew. */
    int generation() {
        return generation.get();
    }

    @Override
    public void run() {
        try {
            if (open()) {
                loop();
            }
        } catch (RuntimeException | Error e) {
            problem = "the writer failed: " + e;
            LOG.atError().setCause(e).log("The activity store stopped writing");
        } finally {
            end();
        }
    }

    private boolean open() {
        try {
            connect();
            onOpen.run();
            return true;
        } catch (SQLException | RuntimeException | Error e) {
            // An error as well: of a driver that is not there, or cannot be loaded.
            onRefused.accept(
                    e instanceof ActivityStoreException
                            ? e
                            : ActivityStoreException.unusable(
                                    "The activity store cannot be opened: " + e.getMessage(), e));
            return false;
        }
    }

    private WriteSession connect() throws SQLException {
        WriteSession fresh;
        try {
            fresh = new WriteSession(database);
        } catch (SQLException e) {
            if (database.trouble(e) != Database.Trouble.DAMAGED || !setAside(e)) {
                throw e;
            }
            fresh = new WriteSession(database);
        }
        session = fresh;
        preparation.with(fresh.key());
        measure(fresh);
        return fresh;
    }

    private void measure(WriteSession measured) throws SQLException {
        bytes = measured.usedBytes();
        head = measured.chain().headLink();
    }

    private boolean setAside(SQLException cause) {
        disconnect();
        Optional<String> place = database.setAside();
        place.ifPresent(where -> {
            LOG.atError()
                    .addKeyValue("kept", where)
                    .addKeyValue("cause", cause.getMessage())
                    .log("The activity store was damaged; it is kept aside and a new one begun");
            queue.note(0, "the store was damaged and is kept as " + where + "; a new one was begun");
            generation.incrementAndGet();
        });
        return place.isPresent();
    }

    private void disconnect() {
        WriteSession old = session;
        session = null;
        if (old != null) {
            try {
                old.close();
            } catch (SQLException e) {
                LOG.atDebug().setCause(e).log("Closing a connection of the activity store failed");
            }
        }
    }

    private void loop() {
        while (!abandoned) {
            // Before it looks for work: what was added before the end was wanted is not left behind.
            boolean ending = closing;
            gathering.gather(batch);
            batch.fill();
            boolean took = batch.taken() > 0;
            if (batch.taken() > batch.size()) {
                notices.lost(
                        batch.settleUnfit(), "they could not be prepared", ActivityStoreException.failed(UNFIT, null));
            }
            if (!batch.isEmpty()) {
                write();
            }
            boolean worked = suspect ? examine() : work();
            if (!took && !worked && !sumUp(ending)) {
                if (ending) {
                    return;
                }
                gathering.sleep(unmeasured ? MEASURE_NANOS : sumsDueIn());
            }
            remeasure();
        }
    }

    /** Sees to it that sums are not owed for long, nor by a store that closes. Returns whether there is something to do for it. */
    private boolean sumUp(boolean ending) {
        WriteSession current = session;
        if (current == null || !current.owesSums() || sumsLeft || (!ending && current.sumsDueIn() > 0)) {
            return false;
        }
        sumsLeft = ending;
        chores.add(new Chores.SumUp());
        return true;
    }

    /** In how many nanoseconds sums are to be written, if nothing else is; 0 if none are owed. */
    private long sumsDueIn() {
        WriteSession current = session;
        return current == null || !current.owesSums() ? 0 : Math.max(1, current.sumsDueIn());
    }

    private boolean isWantedOtherwise() {
        return closing || abandoned || suspect || chore != null || !chores.isEmpty();
    }

    private void write() {
        long begunAt = System.nanoTime();
        long giveUpAt = scheduler.nanoTime() + options.writeTimeout().toNanos();
        Duration pause = FIRST_PAUSE;
        Attempt doubtful = null;
        while (true) {
            SQLException failure;
            try {
                WriteSession current = session == null ? connect() : session;
                written(current.append(batch.entries(), doubtful), current);
                pace.committed(begunAt);
                return;
            } catch (SQLException | RuntimeException | Error e) {
                // An error as well: memory that was short once must not cost all that is still to come.
                failure = MistakeException.unlessKnown(e);
            }
            if (session != null && session.attempt() != null) {
                doubtful = session.attempt();
            }
            troubled(failure);
            if (abandoned || scheduler.nanoTime() - giveUpAt >= 0) {
                notices.lost(
                        batch.settle(),
                        "the store could not be written: " + failure.getMessage(),
                        ActivityStoreException.failed("The activity could not be written", failure));
                return;
            }
            await(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private void written(long first, WriteSession current) {
        if (problem != null) {
            problem = null;
            LOG.atInfo().log("The activity store can be written again");
        }
        head = current.chain().headLink();
        written.addAndGet(batch.size());
        notices.written(batch.settle(), first);
        database.heads().committed(first, current.chain().headLink());
        unmeasured = true;
    }

    private void remeasure() {
        WriteSession current = session;
        long now = System.nanoTime();
        if (!unmeasured || current == null || now - measuredAt < MEASURE_NANOS) {
            return;
        }
        unmeasured = false;
        measuredAt = now;
        try {
            bytes = current.usedBytes();
        } catch (SQLException e) {
            LOG.atDebug().setCause(e).log("Measuring the activity store failed");
        }
    }

    private void troubled(SQLException failure) {
        if (problem == null) {
            LOG.atWarn()
                    .addKeyValue("cause", failure.getMessage())
                    .log("The activity store cannot be written; activities wait");
        }
        problem = failure.getMessage();
        switch (trouble(failure)) {
            case PASSING -> {}
            case DISCONNECTED -> disconnect();
            case DAMAGED -> setAside(failure);
        }
    }

    private void await(Duration pause) {
        retryDue = false;
        Scheduler.Task timer = scheduler.schedule(pause, () -> {
            retryDue = true;
            LockSupport.unpark(thread);
        });
        while (!retryDue && !abandoned) {
            LockSupport.park(this);
        }
        timer.cancel();
    }

    /** Looks for damage that a reader met. */
    private boolean examine() {
        suspect = false;
        disconnect();
        if (database.isDamaged()) {
            setAside(new SQLException("a query met damaged pages"));
        }
        return true;
    }

    /** Does one step of the chore at hand. Returns whether there was one. */
    private boolean work() {
        Chore current = chore == null ? chores.poll() : chore;
        chore = current;
        if (current == null) {
            return false;
        }
        try {
            WriteSession open = session == null ? connect() : session;
            if (current.step(open)) {
                chore = null;
                measure(open);
                current.finish();
            }
        } catch (SQLException | RuntimeException | Error e) {
            chore = null;
            Database.Trouble trouble = trouble(MistakeException.unlessKnown(e));
            if (trouble != Database.Trouble.PASSING) {
                disconnect();
                suspect = trouble == Database.Trouble.DAMAGED;
            }
            current.fail(ActivityStoreException.failed("Housekeeping of the activity store failed", e));
        }
        return true;
    }

    private Database.Trouble trouble(SQLException failure) {
        return failure instanceof MistakeException ? Database.Trouble.DISCONNECTED : database.trouble(failure);
    }

    private void end() {
        ended = true;
        try {
            fail(batch.settle());
            fail(batch.settleUnfit());
            failPending();
            if (chore != null) {
                chore.fail(ActivityStoreException.closed());
            }
            failChores();
            database.heads().export();
        } finally {
            onEnd.run();
        }
    }

    /** The last act, after the end and after that of all readers, on the thread of whichever ended last. */
    void letGo() {
        disconnect();
        database.release();
    }

    /** Fails what waits; also called by whoever added something after the end. */
    void failPending() {
        Receipts left = new Receipts();
        queue.take(Integer.MAX_VALUE, Long.MAX_VALUE).forEach(left::add);
        fail(left);
    }

    private void fail(Receipts left) {
        int lost = left.count() - left.gaps().size();
        if (lost > 0) {
            LOG.atWarn().addKeyValue("lost", lost).log("The activity store was closed before all was written");
        }
        notices.lost(left, "the store was closed", ActivityStoreException.closed());
    }

    private void failChores() {
        Chore left;
        while ((left = chores.poll()) != null) {
            left.fail(ActivityStoreException.closed());
        }
    }
}
