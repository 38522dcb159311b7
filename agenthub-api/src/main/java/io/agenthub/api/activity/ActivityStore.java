package io.agenthub.api.activity;

import io.agenthub.api.AsyncCloseable;
import java.util.concurrent.CompletionStage;

/** Keeps activities. Thread-safe; never blocks its caller and never throws into the path of a request. */
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
     * @param activity what happened
     * @return its sequence, once it is kept. Fails with {@link io.agenthub.api.BusyException} if the queue is full
     */
    CompletionStage<Long> append(Activity activity);
}
