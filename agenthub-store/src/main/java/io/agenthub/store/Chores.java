package io.agenthub.store;

import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.api.activity.ChainHead;
import io.agenthub.api.activity.Retention;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the writer does beside writing. */
final class Chores {
    private static final Logger LOG = LoggerFactory.getLogger(Chores.class);

    private Chores() {}

    /** Removes what a retention does not keep. */
    static final class Prune implements Writer.Chore {
        private final Pruning pruning;
        private final Scheduler scheduler;
        private final LongConsumer onChanged;
        private final @Nullable Promise<Long> promise;
        private long removed;
        private boolean unsettled;

        /**
         * Prepares a removal.
         *
         * @param last the newest sequence that may go, as for {@link Pruning}
         * @param onChanged hears of a sequence that went although it had been changed, or could not be read
         * @param promise of how many went, or null
         */
        Prune(
                Retention retention,
                Scheduler scheduler,
                long last,
                LongConsumer onChanged,
                @Nullable Promise<Long> promise) {
            this.pruning = new Pruning(retention, scheduler.now(), last);
            this.scheduler = scheduler;
            this.onChanged = onChanged;
            this.promise = promise;
        }

        @Override
        public boolean step(WriteSession session) throws SQLException {
            if (promise != null && promise.isCancelled()) {
                return true;
            }
            if (unsettled) {
                unsettled = false;
                session.settle();
                return false;
            }
            long begin = scheduler.nanoTime();
            int some = session.prune(pruning);
            pruning.changed().ifPresent(onChanged);
            boolean more = session.giveBack();
            pruning.adapt(scheduler.nanoTime() - begin);
            removed += some;
            unsettled = some > 0 || more;
            return !unsettled;
        }

        @Override
        public void finish() {
            if (promise != null) {
                promise.succeed(removed);
            }
        }

        @Override
        public void fail(Throwable cause) {
            if (promise != null) {
                promise.fail(cause);
            }
        }
    }

    /** Writes the sums of activities that were committed without. */
    static final class SumUp implements Writer.Chore {
        @Override
        public boolean step(WriteSession session) throws SQLException {
            session.sumUp();
            return true;
        }

        @Override
        public void finish() {}

        @Override
        public void fail(Throwable cause) {
            LOG.atDebug().setCause(cause).log("Sums of the activity store could not be written; they will be later");
        }
    }

    /** Removes everything. */
    static final class Clear implements Writer.Chore {
        private final Promise<Long> promise;
        private boolean cleared;
        private long removed;

        Clear(Promise<Long> promise) {
            this.promise = promise;
        }

        @Override
        public boolean step(WriteSession session) throws SQLException {
            if (!cleared) {
                removed = session.clear();
                cleared = true;
            }
            return !session.giveBack();
        }

        @Override
        public void finish() {
            promise.succeed(removed);
        }

        @Override
        public void fail(Throwable cause) {
            promise.fail(cause);
        }
    }

    /** What is due every minute: the retention, and the export of the newest head. */
    static final class Routine {
        private static final Duration EVERY = Duration.ofMinutes(1);

        private final Writer writer;
        private final Heads heads;
        private final Retention retention;
        private final Scheduler scheduler;
        private volatile boolean stopped;
        private volatile Scheduler.@Nullable Task next;

        Routine(Writer writer, Heads heads, Retention retention, Scheduler scheduler) {
            this.writer = writer;
            this.heads = heads;
            this.retention = retention;
            this.scheduler = scheduler;
        }

        void run() {
            if (!stopped) {
                writer.add(new Once());
            }
        }

        void stop() {
            stopped = true;
            Scheduler.Task waiting = next;
            if (waiting != null) {
                waiting.cancel();
            }
        }

        private void again() {
            if (!stopped) {
                next = scheduler.schedule(EVERY, this::run);
            }
        }

        private final class Once implements Writer.Chore {
            private final Prune prune;

            /** What is appended from now on is for the next time: nobody finds it gone who has just been told its sequence. */
            Once() {
                long newest = writer.head().map(ChainHead::sequence).orElse(0L);
                prune = new Prune(retention, scheduler, newest, writer::removedChanged, null);
            }

            @Override
            public boolean step(WriteSession session) throws SQLException {
                // Nobody waits for it, least of all a store that closes.
                return stopped || prune.step(session);
            }

            @Override
            public void finish() {
                heads.export();
                again();
            }

            @Override
            public void fail(Throwable cause) {
                again();
            }
        }
    }
}
