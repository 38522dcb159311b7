package io.agenthub.mcp.internal.call;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.BusyException;
import io.agenthub.api.bridge.FrameTooLongException;
import io.agenthub.api.server.ServerLimits;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what is on its way to one server and refuses what would be too much. Thread-safe. */
public final class Admission {
    private final String server;
    private final ServerLimits limits;
    private final int framing;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong queuedBytes = new AtomicLong();

    /**
     * Counts nothing yet.
     *
     * @param server the server's name
     * @param limits its bounds
     * @param framing how many bytes the transport adds to a message that do not count against its longest length
     */
    public Admission(String server, ServerLimits limits, int framing) {
        this.server = server;
        this.limits = limits;
        this.framing = framing;
    }

    /**
     * Takes in one call, or says why not.
     *
     * @param bytes its length, framing included
     * @return the refusal, if it is one
     */
    public Optional<AgentHubException> call(int bytes) {
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

    /**
     * Takes in one message, or says why not. A message larger than the bound may pass alone.
     *
     * @param bytes its length, framing included
     * @return the refusal, if it is one
     */
    public Optional<AgentHubException> message(int bytes) {
        if (bytes - framing > limits.maxFrameBytes()) {
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

    /**
     * Takes in a message of the bridge itself, which calls that are in already may wait for: it takes no place among the calls, and nothing
     * refuses it.
     *
     * @param bytes its length, framing included
     */
    public void own(int bytes) {
        queuedBytes.addAndGet(bytes);
    }

    /** Gives back the place of a call. */
    public void callEnded() {
        inFlight.decrementAndGet();
    }

    /**
     * Gives back the place of bytes that were written, or never will be.
     *
     * @param bytes how many
     */
    public void bytesGone(int bytes) {
        queuedBytes.addAndGet(-bytes);
    }

    /**
     * Calls taken in and not yet ended.
     *
     * @return the number now
     */
    public int inFlight() {
        return inFlight.get();
    }

    /**
     * Bytes taken in and not yet written.
     *
     * @return the number now
     */
    public long queuedBytes() {
        return queuedBytes.get();
    }
}
