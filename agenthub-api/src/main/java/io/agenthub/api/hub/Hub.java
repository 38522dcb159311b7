package io.agenthub.api.hub;

import io.agenthub.api.AsyncCloseable;
import io.agenthub.api.ConfigurationException;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.monitor.MonitorSnapshot;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** All MCP servers of an application behind one object. Thread-safe; used once: built, started, closed. */
public interface Hub extends AsyncCloseable {

    /**
     * Opens the activity store, starts the supervisor and its eager servers. Does not wait for servers to be ready.
     *
     * @return completes when calls are accepted; always the same stage. Fails if a part cannot be opened; the hub is closed
     *     then
     */
    CompletionStage<Void> start();

    /**
     * Where the hub stands.
     *
     * @return its state now
     */
    HubState state();

    /**
     * A server to call. Never fails: calls to a name that does not exist fail with {@link
     * io.agenthub.api.server.UnknownServerException}.
     *
     * @param name its name
     * @return the server
     */
    McpServer server(String name);

    /**
     * All servers, ordered by name.
     *
     * @return a snapshot
     */
    Collection<McpServer> servers();

    /**
     * The prompt enhancer.
     *
     * @return the part chosen in the configuration; by default it passes everything through
     */
    Enhancer enhancer();

    /**
     * The activity store.
     *
     * @return the part chosen in the configuration; by default it keeps nothing
     */
    ActivityStore activities();

    /**
     * Changes the servers of a running hub: those that are gone are stopped, new ones added, changed ones restarted. Calls to
     * servers that stay as they are feel nothing. Other options cannot change in a running hub.
     *
     * @param config the new configuration
     * @return completes when all removed and changed servers have ended. Fails with {@link
     *     io.agenthub.api.ConfigurationException}, and changes nothing, if it cannot be used
     */
    CompletionStage<Void> apply(HubConfig config);

    /**
     * Hears what happens in this hub from now on, beside the listeners it was built with.
     *
     * @param listener hears; see {@link HubListener} for how
     * @return ends the listening; idempotent, never blocks
     */
    Registration listen(HubListener listener);

    /** A listener's place among those who hear. */
    @FunctionalInterface
    interface Registration {
        /** Ends the listening. */
        void end();
    }

    /**
     * What is wrong with the configuration file, if it was changed to something that cannot be used. The hub goes on with the
     * configuration it had.
     *
     * @return the problem, or empty if the file is in force or none is watched
     */
    default Optional<ConfigurationException> configurationProblem() {
        return Optional.empty();
    }

    /**
     * How the hub does: its loops, queues, calls, servers and alerts. Made anew at each call; never blocks.
     *
     * @return a snapshot; {@link MonitorSnapshot#NONE} from a hub that measures nothing
     */
    default MonitorSnapshot monitor() {
        return MonitorSnapshot.NONE;
    }

    /**
     * Closes in order: refuses new calls, waits up to {@link HubConfig#drainTimeout()} for those in flight, fails the rest with
     * {@link HubClosedException}, stops all servers in parallel, flushes the activity store, and releases what the hub created.
     */
    @Override
    CompletionStage<Void> closeAsync();
}
