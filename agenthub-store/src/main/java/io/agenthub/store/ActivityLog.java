package io.agenthub.store;

import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.ActivityPage;
import io.agenthub.api.activity.ActivityQuery;
import io.agenthub.api.activity.ActivityStats;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.ActivityStoreException;
import io.agenthub.api.activity.ActivityStoreStatus;
import io.agenthub.api.activity.ChainHead;
import io.agenthub.api.activity.Retention;
import io.agenthub.api.activity.Verification;
import io.agenthub.api.spi.ProviderContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The record of activities in a database, whichever it is: the thread-safe shell around writer and readers. */
final class ActivityLog implements ActivityStore {
    private static final Logger LOG = LoggerFactory.getLogger(ActivityLog.class);
    private static final Duration LEAST_STEP = Duration.ofSeconds(1);
    private static final Duration MOST_STEP = Duration.ofDays(1);

    private final Database database;
    private final StoreOptions options;
    private final Scheduler scheduler;
    private final Executor executor;
    private final PendingQueue queue;
    private final Writer writer;
    private final Readers readers;
    private final Chores.Routine routine;
    private final Promise<Void> opened;
    private final Promise<Void> closed;
    /** What must end before the store is closed: the writer, and the readers. */
    private final AtomicInteger running = new AtomicInteger(2);

    private final AtomicReference<State> state = new AtomicReference<>(State.NEW);

    private enum State {
        NEW,
        OPENING,
        OPEN,
        CLOSED
    }

    ActivityLog(Database database, StoreOptions options, ProviderContext context) {
        this.database = database;
        this.options = options;
        this.scheduler = context.scheduler();
        this.executor = context.executor();
        this.opened = new Promise<>(executor);
        this.closed = new Promise<>(executor);
        Preparation preparation = new Preparation(options);
        this.queue = new PendingQueue(options, preparation, scheduler::now);
        this.writer = new Writer(database, queue, preparation, options, scheduler, executor);
        this.readers = new Readers(
                database, options, scheduler, executor, writer::generation, writer::suspectDamage, this::partEnded);
        this.routine = new Chores.Routine(writer, database.heads(), options.retention(), scheduler);
    }

    @Override
    public CompletionStage<Void> open() {
        if (!state.compareAndSet(State.NEW, State.OPENING)) {
            return Promise.failed(
                    state.get() == State.CLOSED
                            ? ActivityStoreException.closed()
                            : new IllegalStateException("a store is opened once"));
        }
        writer.start(this::accept, this::refuse, this::writerEnded);
        return opened;
    }

    private void accept() {
        if (state.compareAndSet(State.OPENING, State.OPEN)) {
            routine.run();
            opened.succeed();
        } else {
            opened.fail(ActivityStoreException.closed());
        }
    }

    private void refuse(Throwable failure) {
        state.set(State.CLOSED);
        opened.fail(failure);
    }

    @Override
    public CompletionStage<Long> append(Activity activity) {
        Objects.requireNonNull(activity);
        if (state.get() != State.OPEN) {
            return Promise.failed(notOpen());
        }
        Promise<Long> promise = new Promise<>(Runnable::run);
        return add(activity, promise, null) ? promise : Promise.failed(queue.full());
    }

    @Override
    public void record(Activity activity, Runnable onLoss) {
        Objects.requireNonNull(activity);
        Objects.requireNonNull(onLoss);
        if (state.get() != State.OPEN || !add(activity, null, onLoss)) {
            onLoss.run();
        }
    }

    private boolean add(Activity activity, @Nullable Promise<Long> promise, @Nullable Runnable onLoss) {
        boolean added = queue.add(activity, promise, onLoss);
        writer.gathering().wake(promise != null);
        if (writer.hasEnded()) {
            writer.failPending();
        }
        return added;
    }

    private RuntimeException notOpen() {
        return state.get() == State.CLOSED
                ? ActivityStoreException.closed()
                : new IllegalStateException("the activity store is not open yet");
    }

    @Override
    public CompletionStage<ActivityPage> find(ActivityQuery query) {
        Objects.requireNonNull(query);
        return ifOpen(() -> readers.ask(connection -> new PageQuery(connection, database, query).page()));
    }

    @Override
    public CompletionStage<ActivityStats> statistics(ActivityQuery query, Duration step) {
        Objects.requireNonNull(query);
        if (step.compareTo(LEAST_STEP) < 0
                || step.compareTo(MOST_STEP) > 0
                || step.toNanos() % LEAST_STEP.toNanos() != 0) {
            throw new IllegalArgumentException("step is " + step + ", must be whole seconds, from 1 s to 1 d");
        }
        return ifOpen(
                () -> readers.ask(connection -> new StatisticsQuery(connection, database, query, step).statistics()));
    }

    @Override
    public CompletionStage<Verification> verify(List<ChainHead> heads) {
        List<ChainHead> given = List.copyOf(heads);
        return ifOpen(() -> readers.askLong(transactions -> {
            List<ChainHead> known = new ArrayList<>(given);
            known.addAll(database.heads().known());
            return new ChainCheck(database, known).check(transactions);
        }));
    }

    @Override
    public Retention retention() {
        return options.retention();
    }

    @Override
    public CompletionStage<Long> cleanup(Retention retention) {
        Objects.requireNonNull(retention);
        return chore(promise ->
                new Chores.Prune(retention, scheduler, Pruning.ALL_THERE_IS, writer::removedChanged, promise));
    }

    @Override
    public CompletionStage<Long> clear() {
        return chore(Chores.Clear::new);
    }

    private CompletionStage<Long> chore(Function<Promise<Long>, Writer.Chore> chore) {
        return ifOpen(() -> {
            Promise<Long> promise = new Promise<>(executor);
            writer.add(chore.apply(promise));
            return promise;
        });
    }

    private <T> CompletionStage<T> ifOpen(Supplier<CompletionStage<T>> operation) {
        if (state.get() != State.OPEN) {
            return Promise.failed(notOpen());
        }
        // Whoever asks wants to see what there is.
        writer.gathering().hurry();
        return operation.get();
    }

    @Override
    public ActivityStoreStatus status() {
        return new ActivityStoreStatus(
                queue.size(), writer.written(), queue.dropped(), writer.bytes(), writer.head(), writer.problem());
    }

    @Override
    public CompletionStage<Void> closeAsync() {
        State before = state.getAndSet(State.CLOSED);
        if (before == State.CLOSED) {
            return closed;
        }
        routine.stop();
        readers.close();
        if (before == State.NEW) {
            partEnded();
            return closed;
        }
        Scheduler.Task deadline = scheduler.schedule(options.closeTimeout(), this::abandon);
        closed.whenComplete((nothing, failure) -> deadline.cancel());
        writer.close();
        return closed;
    }

    /** The writer may be stuck in a call that nothing can interrupt; it ends when that returns. */
    private void abandon() {
        LOG.atWarn()
                .addKeyValue("queued", queue.size())
                .log("The activity store did not finish in time and is abandoned");
        writer.abandon();
        writer.failPending();
        closed.succeed();
    }

    private void writerEnded() {
        state.set(State.CLOSED);
        routine.stop();
        readers.close();
        partEnded();
    }

    private void partEnded() {
        if (running.decrementAndGet() == 0) {
            // The connection that may write closes last, so that it alone is left to tidy the files up.
            writer.letGo();
            closed.succeed();
        }
    }
}
