package io.agenthub.api.activity;

import io.agenthub.api.AsyncCloseable;
import io.agenthub.api.Promise;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * Keeps activities. Thread-safe; never blocks its caller and never throws into the path of a request.
 *
 * <p>Only {@link #open()} and {@link #append} are required. A store that cannot do one of the others leaves it as it is: the
 * stage then fails with {@link UnsupportedOperationException}. Once {@link #closeAsync()} was called, every operation fails
 * with an {@link io.agenthub.api.AgentHubException} of kind {@link io.agenthub.api.ErrorKind#SHUTTING_DOWN}; activities
 * accepted before are still kept, within the limits of the store.
 */
public interface ActivityStore extends AsyncCloseable {

    /**
     * Opens the store. Called once, before anything else.
     *
     * @return completes when it accepts activities. Fails with {@link io.agenthub.api.AgentHubException} if it cannot be opened
     */
    CompletionStage<Void> open();

    /**
     * Appends an activity.
     *
     * <p>Activities are kept in the order in which they were accepted. One that is refused is counted, and the loss is itself
     * kept as an activity of kind {@link Activity.Kind#GAP} as soon as that is possible.
     *
     * @param activity what happened; its sequence is ignored
     * @return its sequence, once it is kept. Fails with {@link io.agenthub.api.BusyException} if the queue is full, with {@link
     *     io.agenthub.api.AgentHubException} if it could not be written. Cancelling it does not take the activity back
     */
    CompletionStage<Long> append(Activity activity);

    /**
     * Appends an activity for somebody who does not wait for its sequence: like {@link #append}, for less.
     *
     * @param activity what happened; its sequence is ignored
     * @param onLoss run once if it is refused or lost, on any thread; must not block
     */
    default void record(Activity activity, Runnable onLoss) {
        append(activity).whenComplete((sequence, failure) -> {
            if (failure != null) {
                onLoss.run();
            }
        });
    }

    /**
     * Reads a page of activities, newest first. What was appended before and is kept is found.
     *
     * @param query which activities
     * @return the page. Fails with {@link io.agenthub.api.BusyException} if too many queries wait
     */
    default CompletionStage<ActivityPage> find(ActivityQuery query) {
        return Promise.failed(new UnsupportedOperationException("this activity store cannot be queried"));
    }

    /**
     * Counts and measures activities.
     *
     * @param query which activities; if it names no kind, only those of kind {@link Activity.Kind#CALL}. Its {@code before},
     *     {@code limit} and {@code counted} mean nothing here
     * @param step the length of a slot of the time series, in whole seconds, 1 second to 1 day
     * @return the statistics. Fails with {@link io.agenthub.api.BusyException} if too many queries wait
     * @throws IllegalArgumentException if the step is out of range
     */
    default CompletionStage<ActivityStats> statistics(ActivityQuery query, Duration step) {
        return Promise.failed(new UnsupportedOperationException("this activity store keeps no statistics"));
    }

    /**
     * Checks the hash chain from its anchor to its head.
     *
     * @param heads heads that were kept elsewhere, in any order; without one, whoever can write to the store can have written
     *     all of it anew
     * @return what was found
     */
    default CompletionStage<Verification> verify(List<ChainHead> heads) {
        return Promise.failed(new UnsupportedOperationException("this activity store keeps no hash chain"));
    }

    /**
     * What the store keeps of itself, whatever {@link #cleanup} is asked for. Never blocks.
     *
     * @return its retention; by default {@link Retention#FOREVER}
     */
    default Retention retention() {
        return Retention.FOREVER;
    }

    /**
     * Removes, in small steps and without holding up activities that come in, what a retention does not keep. What the store
     * removes by itself does not depend on it.
     *
     * @param retention how much to keep
     * @return how many activities were removed
     */
    default CompletionStage<Long> cleanup(Retention retention) {
        return Promise.failed(new UnsupportedOperationException("this activity store cannot be cleaned up"));
    }

    /**
     * Removes all activities. Their sequences are not used again.
     *
     * @return how many were removed
     */
    default CompletionStage<Long> clear() {
        return Promise.failed(new UnsupportedOperationException("this activity store cannot be cleared"));
    }

    /**
     * All activities that a query asks for as a stream of bytes, newest first, in memory that does not grow with their number.
     *
     * <p>Nothing is read before the first request, and one page at a time after that; each element holds whole lines. What is
     * appended during the export is not part of it; what is removed during it may be missing. Signals arrive where {@link #find}
     * completes its stages. The stream fails if a page cannot be read.
     *
     * @param query which activities; its {@code limit} and {@code counted} mean nothing here
     * @param format how they are written
     * @return a publisher that any number of subscribers can use, each from the beginning
     */
    default Flow.Publisher<ByteBuffer> export(ActivityQuery query, ActivityFormat format) {
        return new ActivityExport(this, query, format);
    }

    /**
     * How the store does. Never blocks.
     *
     * @return a snapshot
     */
    default ActivityStoreStatus status() {
        return ActivityStoreStatus.UNKNOWN;
    }
}
