package io.agenthub.bench.load.stub;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Holds answers until their time: a timer wheel with one slot for each millisecond. Thread-safe. */
final class DelayWheel extends Thread {
    private static final int SLOTS = 4096;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final class Held {
        final byte[] answer;
        final long tick;

        Held(byte[] answer, long tick) {
            this.answer = answer;
            this.tick = tick;
        }
    }

    private final OutputStream out;
    private final List<List<Held>> wheel = new ArrayList<>(SLOTS);
    private final long origin = System.nanoTime();
    private long done;
    private int held;

    DelayWheel(OutputStream out) {
        super("stub-delay");
        setDaemon(true);
        this.out = out;
        for (int i = 0; i < SLOTS; i++) {
            wheel.add(new ArrayList<>());
        }
    }

    /** Holds an answer for at least a time, and at most two ticks longer. */
    void hold(byte[] answer, int millis) {
        synchronized (this) {
            long now = System.nanoTime() - origin;
            if (held == 0) {
                done = now / TICK_NANOS;
            }
            long tick = Math.max(done + 1, now / TICK_NANOS + 1 + millis);
            slot(tick).add(new Held(answer, tick));
            held++;
        }
        LockSupport.unpark(this);
    }

    private List<Held> slot(long tick) {
        return wheel.get((int) (tick % SLOTS));
    }

    @Override
    public void run() {
        AnswerBuffer due = new AnswerBuffer(out);
        try {
            while (true) {
                if (collect(due)) {
                    LockSupport.park(this);
                } else {
                    due.flush();
                    LockSupport.parkNanos(this, TICK_NANOS);
                }
            }
        } catch (IOException e) {
            // Nobody reads any more; the reading thread ends the process.
            Thread.currentThread().interrupt();
        }
    }

    /** Gathers what is due; true if nothing is held and nothing was due. */
    private synchronized boolean collect(AnswerBuffer due) {
        if (held == 0) {
            return true;
        }
        long now = (System.nanoTime() - origin) / TICK_NANOS;
        for (long tick = done + 1; tick <= now; tick++) {
            List<Held> slot = slot(tick);
            for (int i = slot.size() - 1; i >= 0; i--) {
                if (slot.get(i).tick <= tick) {
                    byte[] answer = slot.remove(i).answer;
                    due.append(answer, 0, answer.length);
                    held--;
                }
            }
        }
        done = now;
        return false;
    }
}
