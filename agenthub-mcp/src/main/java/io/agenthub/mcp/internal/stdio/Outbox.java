package io.agenthub.mcp.internal.stdio;

import io.agenthub.api.Scheduler;
import io.agenthub.mcp.internal.call.Admission;
import io.agenthub.mcp.internal.transport.StdioPipes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What waits to be written to one child. Confined to its loop. */
final class Outbox {
    /*
     * Entries form a list of their own, so that a call that is withdrawn leaves it at once and keeps nothing alive. They are
     * handed over in batches: whatever is waiting when the pipe is free, up to BATCH_BYTES, or one larger message alone. A
     * message is put together in its batch and not before. A short batch is an array; a longer one is put together outside the
     * heap, from where epoll's pipes write it without another copy; what is longer than a piece of the stock is an array again.
     * Flushing is a task of its own on the loop, so that everything said in one turn goes out in one write.
     *
     * Only a write that makes no progress for STALL is a stall: a child may be slow, and it may be idle.
     */
    static final Duration STALL = Duration.ofSeconds(10);
    private static final int BATCH_BYTES = PieceStock.PIECE_BYTES;

    private static final int SHORT_BATCH_BYTES = 4 << 10;

    private final EventLoop loop;
    private final Scheduler scheduler;
    private final StdioPipes pipes;
    private final PieceStock stock;
    private final Admission admission;
    private final Predicate<Call> claim;
    private final Runnable stalled;
    private final Entry ring = new Entry(null, null);
    private boolean flushScheduled;
    private boolean closed;
    private int writing;
    private @Nullable ByteBuf piece;
    private long lastProgress;
    private Scheduler.@Nullable Task stallCheck;
    private @Nullable Runnable whenEmpty;

    /** One message in the queue. */
    static final class Entry {
        private final @Nullable Call call;
        private @Nullable Frame frame;
        private final int size;
        private @Nullable Entry previous;
        private @Nullable Entry next;
        private boolean handedOver;

        Entry(@Nullable Frame frame, @Nullable Call call) {
            this.frame = frame;
            this.size = frame == null ? 0 : frame.size();
            this.call = call;
        }

        /** Whether a byte of it may have reached the child. */
        boolean handedOver() {
            return handedOver;
        }

        int size() {
            return size;
        }
    }

    Outbox(
            EventLoop loop,
            Scheduler scheduler,
            StdioPipes pipes,
            PieceStock stock,
            Admission admission,
            Predicate<Call> claim,
            Runnable stalled) {
        this.loop = loop;
        this.scheduler = scheduler;
        this.pipes = pipes;
        this.stock = stock;
        this.admission = admission;
        this.claim = claim;
        this.stalled = stalled;
        ring.previous = ring;
        ring.next = ring;
    }

    /** Queues a message whose bytes were admitted. */
    void add(Entry entry) {
        assert loop.inEventLoop();
        if (closed) {
            admission.bytesGone(entry.size());
            return;
        }
        Entry last = ring.previous;
        entry.previous = last;
        entry.next = ring;
        link(last).next = entry;
        ring.previous = entry;
        if (!flushScheduled && writing == 0) {
            flushScheduled = true;
            loop.execute(this::flush);
        }
    }

    /** Takes a message out again, unless a byte of it may be gone already. */
    boolean remove(Entry entry) {
        assert loop.inEventLoop();
        if (entry.next == null) {
            return false;
        }
        unlink(entry);
        admission.bytesGone(entry.size());
        return true;
    }

    private static void unlink(Entry entry) {
        link(entry.previous).next = entry.next;
        link(entry.next).previous = entry.previous;
        entry.previous = null;
        entry.next = null;
    }

    private static Entry link(@Nullable Entry neighbour) {
        if (neighbour == null) {
            throw new IllegalStateException("the queue is broken");
        }
        return neighbour;
    }

    /** Hands over what waits, if the pipe is free. */
    void flush() {
        flushScheduled = false;
        while (!closed && writing == 0 && ring.next != ring) {
            ByteBuffer batch = nextBatch();
            writing = batch.remaining();
            lastProgress = scheduler.nanoTime();
            if (writing == 0) {
                letGo();
            } else if (pipes.write(batch)) {
                written();
                letGo();
            } else {
                watch();
            }
        }
        if (whenEmpty != null && writing == 0 && ring.next == ring) {
            whenEmpty.run();
            whenEmpty = null;
            close();
        }
    }

    private ByteBuffer nextBatch() {
        Entry first = link(ring.next);
        int total = first.size();
        for (Entry e = link(first.next); e != ring && total + e.size() <= BATCH_BYTES; e = link(e.next)) {
            total += e.size();
        }
        ByteBuffer batch = memory(total);
        // Whoever is told that its call is under way may withdraw others.
        for (Entry e = first; e != ring && e.size() <= batch.remaining(); e = link(ring.next)) {
            unlink(e);
            if (e.call == null || claim.test(e.call)) {
                handOver(e).copyTo(batch);
            } else {
                admission.bytesGone(e.size());
            }
        }
        return batch.flip();
    }

    private ByteBuffer memory(int bytes) {
        if (bytes <= SHORT_BATCH_BYTES || bytes > PieceStock.PIECE_BYTES) {
            return ByteBuffer.allocate(bytes);
        }
        ByteBuf taken = stock.take();
        piece = taken;
        return taken.nioBuffer(0, bytes);
    }

    private static Frame handOver(Entry entry) {
        entry.handedOver = true;
        Frame frame = Objects.requireNonNull(entry.frame, "taken once");
        entry.frame = null;
        return frame;
    }

    private void written() {
        admission.bytesGone(writing);
        writing = 0;
    }

    /** The pipes are done with what they were given last, or are closed. */
    void letGo() {
        if (piece != null) {
            stock.giveBack(piece);
            piece = null;
        }
    }

    /** The pipe took some bytes. */
    void progressed() {
        lastProgress = scheduler.nanoTime();
    }

    /** The pipe took the whole batch. */
    void drained() {
        assert loop.inEventLoop();
        written();
        letGo();
        flush();
    }

    private void watch() {
        if (stallCheck == null) {
            stallCheck = checkIn(STALL);
        }
    }

    private Scheduler.Task checkIn(Duration delay) {
        return scheduler.schedule(delay, () -> loop.execute(this::check));
    }

    private void check() {
        stallCheck = null;
        if (closed || writing == 0) {
            return;
        }
        Duration left = STALL.minusNanos(scheduler.nanoTime() - lastProgress);
        if (left.isNegative() || left.isZero()) {
            stalled.run();
        } else {
            stallCheck = checkIn(left);
        }
    }

    /** Writes the messages of our own that wait, drops the calls, and then runs the task, if the child reads at all. */
    void finish(Runnable task) {
        whenEmpty = task;
        for (Entry e = link(ring.next); e != ring; ) {
            Entry next = link(e.next);
            if (e.call != null) {
                remove(e);
            }
            e = next;
        }
        flush();
    }

    /** Drops what waits; what is added later is dropped too. The pipes may go on with what they have, until {@link #letGo}. */
    void close() {
        closed = true;
        written();
        while (ring.next != ring) {
            remove(link(ring.next));
        }
        if (stallCheck != null) {
            stallCheck.cancel();
            stallCheck = null;
        }
    }
}
