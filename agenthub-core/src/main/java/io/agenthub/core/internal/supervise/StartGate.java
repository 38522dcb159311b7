package io.agenthub.core.internal.supervise;

import java.util.ArrayDeque;
import java.util.Deque;

/** Lets a bounded number of servers start at the same time; the others wait in line. Confined to the control thread. */
final class StartGate {
    private final Deque<Runnable> line = new ArrayDeque<>();
    private int free;

    StartGate(int permits) {
        this.free = permits;
    }

    /** Runs the start now or when its turn comes. Every start that ran calls {@link #leave} once. */
    void enter(Runnable start) {
        if (free > 0) {
            free--;
            start.run();
        } else {
            line.addLast(start);
        }
    }

    /** Takes back a start that has not run yet. False if it has. */
    boolean forget(Runnable start) {
        return line.remove(start);
    }

    void leave() {
        Runnable next = line.pollFirst();
        if (next != null) {
            next.run();
        } else {
            free++;
        }
    }
}
