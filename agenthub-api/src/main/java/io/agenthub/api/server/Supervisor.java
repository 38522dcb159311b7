package io.agenthub.api.server;

import io.agenthub.api.AsyncCloseable;
import io.agenthub.api.bridge.Connector;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Keeps servers alive: starts them, watches them, brings them back, and ends them. Thread-safe; never blocks.
 *
 * <p>A supervisor reports every change of a {@link ServerStatus} to the {@link SupervisorListener} it was created with.
 */
public interface Supervisor extends AsyncCloseable {

    /**
     * Takes a server under supervision; an eager one is started at once.
     *
     * @param spec how it is run
     * @param connector makes its connections
     * @return the server
     * @throws IllegalArgumentException if a server of that name is here already
     */
    ManagedServer add(ServerSpec spec, Connector connector);

    /**
     * Ends a server and forgets it.
     *
     * @param name its name
     * @return completes when nothing of it is left; at once if there is no such server
     */
    CompletionStage<Void> remove(String name);

    /**
     * Finds a server.
     *
     * @param name its name
     * @return the server, or empty
     */
    Optional<ManagedServer> server(String name);

    /**
     * All servers, ordered by name.
     *
     * @return a snapshot
     */
    Collection<ManagedServer> servers();

    /** Stops all servers, in parallel; completes when every process tree is gone. */
    @Override
    CompletionStage<Void> closeAsync();
}
