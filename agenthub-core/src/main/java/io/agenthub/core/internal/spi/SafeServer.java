package io.agenthub.core.internal.spi;

import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.server.ManagedServer;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.ServerState;
import io.agenthub.api.server.ServerStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A server whose supervisor may be anybody's: it throws nothing but in its stages, and shows its last status if it must. Thread-safe. */
public final class SafeServer implements ManagedServer {
    private static final String PART = "supervisor";

    private final ServerSpec spec;
    private final ManagedServer server;
    private volatile ServerStatus status;

    /**
     * Guards a server.
     *
     * @param spec what was asked for
     * @param server what the supervisor made of it
     * @param now the time
     */
    public SafeServer(ServerSpec spec, ManagedServer server, Instant now) {
        this.spec = spec;
        this.server = server;
        this.status = new ServerStatus(
                spec.name(),
                ServerState.STOPPED,
                now,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("its supervisor does not tell how it is"),
                Optional.empty(),
                List.of(),
                List.of());
    }

    @Override
    public ServerSpec spec() {
        return spec;
    }

    @Override
    public ServerStatus status() {
        ServerStatus told = SafeStages.known(PART, server::status, status);
        status = told;
        return told;
    }

    @Override
    public CompletionStage<Bridge> bridge() {
        return SafeStages.call(PART, server::bridge);
    }

    @Override
    public CompletionStage<ServerStatus> start() {
        return SafeStages.call(PART, server::start);
    }

    @Override
    public CompletionStage<ServerStatus> stop() {
        return SafeStages.call(PART, server::stop);
    }

    @Override
    public CompletionStage<ServerStatus> restart() {
        return SafeStages.call(PART, server::restart);
    }
}
