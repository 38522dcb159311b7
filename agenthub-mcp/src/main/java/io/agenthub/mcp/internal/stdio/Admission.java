package io.agenthub.mcp.internal.stdio;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.BusyException;
import io.agenthub.api.bridge.FrameTooLongException;
import io.agenthub.api.server.ServerLimits;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what is on its way to one child and refuses what would be too much. Thread-safe. */
final class Admission {
    private final String server;
    private final ServerLimits limits;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong queuedBytes = new AtomicLong();

    Admission(String server, ServerLimits limits) {
        this.server = server;
        this.limits = limits;
    }

    /** Takes in one call of so many bytes, or says why not. */
    Optional<AgentHubException> call(int bytes) {
        if (inFlight.incrementAndGet() > limits.maxInFlight()) {
            inFlight.decrementAndGet();
            return Optional.of(new BusyException(server, "maxInFlight", limits.maxInFlight()));
        }
        Optional<AgentHubException> refusal = message(bytes);
        if (refusal.isPresent()) {
            inFlight.decrementAndGet();
        }
        return refusal;
    }

    /** Takes in one message of so many bytes, or says why not. A message larger than the bound may pass alone. */
    Optional<AgentHubException> message(int bytes) {
        if (bytes - 1 > limits.maxFrameBytes()) {
            return Optional.of(new FrameTooLongException(server, limits.maxFrameBytes(), false));
        }
        long before;
        do {
            before = queuedBytes.get();
            if (before > 0 && before + bytes > limits.maxQueuedBytes()) {
                return Optional.of(new BusyException(server, "maxQueuedBytes", limits.maxQueuedBytes()));
            }
        } while (!queuedBytes.compareAndSet(before, before + bytes));
        return Optional.empty();
    }

    void callEnded() {
        inFlight.decrementAndGet();
    }

    void bytesGone(int bytes) {
        queuedBytes.addAndGet(-bytes);
    }

    int inFlight() {
        return inFlight.get();
    }

    long queuedBytes() {
        return queuedBytes.get();
    }
}
