package io.agenthub.gateway;

import io.agenthub.api.AsyncCloseable;
import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.api.hub.Hub;
import io.agenthub.core.HubResources;
import io.agenthub.gateway.internal.http.AccessRules;
import io.agenthub.gateway.internal.http.HttpLimits;
import io.agenthub.gateway.internal.http.HttpServer;
import io.agenthub.gateway.internal.http.RouteGroup;
import io.agenthub.gateway.internal.mcp.McpRoutes;
import io.netty.channel.EventLoopGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A hub behind HTTP. Thread-safe; used once: built, started, closed. It neither starts nor closes its hub.
 *
 * <p>A typical life: build the hub and its resources, start the hub, start the gateway; then close the gateway, the hub and the
 * resources, in this order.
 */
public final class Gateway implements AsyncCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final String DEFAULT_HOST = "127.0.0.1";

    private final GatewayConfig config;
    private final HttpServer server;
    private final McpRoutes mcp;
    private final AtomicBoolean started = new AtomicBoolean();
    private final Promise<InetSocketAddress> bound;
    private volatile boolean draining;

    Gateway(Hub hub, GatewayConfig config, EventLoopGroup loops, Scheduler scheduler, Executor callbacks) {
        this.config = config;
        this.bound = new Promise<>(callbacks);
        Errors errors = new Errors();
        this.mcp = new McpRoutes(hub, scheduler, errors::error);
        List<RouteGroup> table = new ArrayList<>(List.of(
                mcp,
                new PlainProxy(hub, errors),
                new HealthRoutes(hub, () -> draining),
                new ServerRoutes(hub, scheduler),
                new MonitorRoutes(hub, this::connections, this::bufferedBytes),
                new Dashboard(),
                new AuditRoutes(hub),
                new EnhanceRoutes(hub),
                new ClientConfigs(hub, config.token())));
        if (config.token().isPresent()) {
            table.add(new ResourceMetadata(config.allowedHosts()));
        }
        this.server = new HttpServer(loops, scheduler, callbacks, limits(config), table, errors);
    }

    private static HttpLimits limits(GatewayConfig config) {
        return new HttpLimits(
                config.maxConnections(),
                config.maxLineBytes(),
                config.maxHeaderBytes(),
                config.maxHeaders(),
                config.maxBodyBytes(),
                config.maxBufferedBytes(),
                config.headerTimeout(),
                config.bodyTimeout(),
                config.idleTimeout(),
                config.writeStallTimeout());
    }

    /**
     * Begins a gateway.
     *
     * @param hub answers its requests; started and closed by the embedder
     * @param resources carry its sockets; best the hub's own
     * @return a builder with every default
     */
    public static Builder builder(Hub hub, HubResources resources) {
        return new Builder(hub, resources);
    }

    /**
     * Opens the socket. Idempotent.
     *
     * @return the address bound; always the same stage. Fails with {@link ConfigurationException} if the address is not a loopback
     *     address and there is no token, or cannot be bound
     */
    public CompletionStage<InetSocketAddress> start() {
        if (started.compareAndSet(false, true)) {
            try {
                bind(addresses(config));
            } catch (ConfigurationException e) {
                bound.fail(e);
            }
        }
        return bound;
    }

    /**
     * Refuses what {@link #start} would refuse before it binds. May block, since a host may be a name that is looked up.
     *
     * @param config the configuration
     * @throws ConfigurationException if the host is not known, or is not a loopback address and there is no token
     */
    public static void check(GatewayConfig config) {
        addresses(config);
    }

    private static List<InetAddress> addresses(GatewayConfig config) {
        List<InetAddress> addresses = new ArrayList<>();
        try {
            addresses.addAll(List.of(InetAddress.getAllByName(config.host())));
            if (config.host().equals(DEFAULT_HOST)) {
                // Where "localhost" means ::1 first, a client would else find nobody, or somebody else.
                addresses.add(InetAddress.getByAddress(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
            }
        } catch (UnknownHostException e) {
            throw new ConfigurationException("gateway.host", "'" + config.host() + "' is not known", e);
        }
        if (config.token().isEmpty() && !addresses.stream().allMatch(InetAddress::isLoopbackAddress)) {
            throw new ConfigurationException(
                    "gateway.host",
                    "is " + config.host() + ", which other machines can reach; set gateway.token, or bind 127.0.0.1");
        }
        return addresses;
    }

    private void bind(List<InetAddress> addresses) {
        InetSocketAddress first = new InetSocketAddress(addresses.get(0), config.port());
        List<InetAddress> further = addresses.subList(1, addresses.size());
        mcp.begin();
        server.bind(first, further, this::rules).whenComplete((local, failure) -> {
            if (failure == null) {
                LOG.atInfo().addKeyValue("address", local).log("Gateway listens");
                bound.succeed(local);
            } else {
                bound.fail(new ConfigurationException(
                        "gateway.port",
                        "cannot listen on " + config.host() + ":" + config.port() + ": " + failure.getMessage(),
                        failure));
            }
        });
    }

    private AccessRules rules(InetSocketAddress local) {
        return new AccessRules(
                local,
                config.allowedHosts(),
                config.allowedOrigins(),
                config.token().orElse(null));
    }

    /**
     * How many connections are open.
     *
     * @return a snapshot
     */
    public int connections() {
        return server.connections();
    }

    /**
     * How many bytes of request bodies are held.
     *
     * @return a snapshot
     */
    public long bufferedBytes() {
        return server.bufferedBytes();
    }

    /**
     * Closes in order: accepts no more, answers the requests that have begun, for at most {@link GatewayConfig#drainTimeout()},
     * and the rest with an error that says whether the call may have run. What the gateway has asked of the hub by then is
     * withdrawn, so that closing the hub has nothing of it to wait for.
     *
     * @return completes when no connection is left, at most a second after the drain timeout
     */
    @Override
    public CompletionStage<Void> closeAsync() {
        draining = true;
        return server.close(config.drainTimeout());
    }

    /** Collects a {@link Gateway}. Not thread-safe. */
    public static final class Builder {
        private final Hub hub;
        private final HubResources resources;
        private GatewayConfig config = GatewayConfig.builder().build();

        private Builder(Hub hub, HubResources resources) {
            this.hub = Objects.requireNonNull(hub);
            this.resources = Objects.requireNonNull(resources);
        }

        /**
         * The configuration.
         *
         * @param value default every default
         * @return this
         */
        public Builder config(GatewayConfig value) {
            config = Objects.requireNonNull(value);
            return this;
        }

        /**
         * Makes the gateway. Opens nothing yet.
         *
         * @return a gateway that is not started
         */
        public Gateway build() {
            Optional<EventLoopGroup> loops = resources.shared(EventLoopGroup.class);
            return new Gateway(
                    hub,
                    config,
                    loops.orElseThrow(() -> new IllegalStateException("the resources have no event loops")),
                    resources.scheduler(),
                    resources.callbackExecutor());
        }
    }
}
