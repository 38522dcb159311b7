package io.agenthub.examples.gateway;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Settings;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.ServerState;
import io.agenthub.api.server.ServerStatus;
import io.agenthub.core.AgentHub;
import io.agenthub.core.HubBuilder;
import io.agenthub.core.HubResources;
import io.agenthub.gateway.Gateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** A hub and its gateway, running. */
final class Application implements AutoCloseable {
    private final HubResources resources;
    private final Hub hub;
    private final Gateway gateway;
    private final InetSocketAddress address;
    private final boolean asksForToken;

    private Application(HubResources resources, Hub hub, Gateway gateway, Door door) {
        this.resources = resources;
        this.hub = hub;
        this.gateway = gateway;
        this.address = door.open(gateway);
        this.asksForToken = door.config().token().isPresent();
    }

    /**
     * Starts everything on threads that are being made meanwhile.
     *
     * @param making the threads; closed with the rest
     * @throws io.agenthub.api.AgentHubException if it cannot be started; nothing is left running then
     */
    static Application start(CommandLine line, Map<String, String> environment, Upcoming<HubResources> making) {
        Hub hub = null;
        Gateway gateway = null;
        try {
            HubBuilder builder = AgentHub.builder();
            Door door = configure(line, environment, builder);
            line.data().ifPresent(folder -> builder.dataDirectory(existing(folder)));
            HubResources resources = making.get();
            hub = builder.resources(resources).build();
            // The store opens and the servers start while the gateway is put together.
            CompletionStage<Void> started = hub.start();
            gateway = Gateway.builder(hub, resources).config(door.config()).build();
            done(started);
            return new Application(resources, hub, gateway, door);
        } catch (RuntimeException e) {
            if (gateway != null) {
                gateway.close();
            }
            if (hub != null) {
                hub.close();
            }
            making.get().close();
            throw e;
        }
    }

    private static Door configure(CommandLine line, Map<String, String> environment, HubBuilder builder) {
        if (line.config().isPresent()) {
            return builder.configFile(line.config().get())
                    .section("gateway", section -> Door.of(section, line, environment));
        }
        if (!line.command().isEmpty()) {
            builder.server(ServerSpec.stdio(
                            line.name().orElse("default"), line.command().toArray(String[]::new))
                    .build());
        } else {
            builder.server(DemoServer.spec("demo"));
        }
        return Door.of(Settings.empty("gateway"), line, environment);
    }

    private static Path existing(Path folder) {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new ConfigurationException("--data " + folder, "is not a folder");
        }
        try {
            if (!Files.isDirectory(folder)) {
                boolean posix =
                        folder.getFileSystem().supportedFileAttributeViews().contains("posix");
                Files.createDirectories(folder.toAbsolutePath().normalize());
                if (posix) {
                    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
                }
            }
            return folder;
        } catch (IOException e) {
            throw new ConfigurationException("--data " + folder, "cannot be created", e);
        }
    }

    static <T> T done(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Where it listens. */
    InetSocketAddress address() {
        return address;
    }

    /** What to tell the user once it runs. */
    String banner(String version) {
        String url = "http://" + literal(address);
        StringBuilder banner = new StringBuilder();
        banner.append("AgentHub gateway ")
                .append(version)
                .append(" listens on ")
                .append(url)
                .append("\n\nServers\n");
        List<ServerStatus> servers =
                hub.servers().stream().map(McpServer::status).toList();
        if (servers.isEmpty()) {
            banner.append("  none; add one to the configuration file\n");
        }
        for (ServerStatus server : servers) {
            String state = server.state() == ServerState.STOPPED
                    ? "starts with the first call"
                    : server.state().toString().toLowerCase(Locale.ROOT);
            banner.append("  ").append(server.name()).append(": ").append(state).append('\n');
        }
        servers.stream()
                .findFirst()
                .ifPresent(server -> banner.append("\nTry it\n  ")
                        .append(example(server.name()))
                        .append('\n'));
        return banner.append('\n').toString();
    }

    /** A command that can be used as it is; the token does not stand on anybody's screen. */
    private String example(String server) {
        boolean demo = server.equals("demo");
        String path = demo ? "tools/call" : "tools/list";
        String params = demo ? ",\"params\":{\"name\":\"echo\",\"arguments\":{\"message\":\"Hello\"}}" : "";
        String token = asksForToken ? " -H \"Authorization: Bearer $" + Door.TOKEN + "\"" : "";
        return "curl -s http://" + literal(reachable(address)) + "/mcp/" + server + "/" + path + token
                + " -H 'Content-Type: application/json' -d '{\"jsonrpc\":\"2.0\",\"id\":1" + params + "}'";
    }

    /** "All addresses" is none that a client could name. */
    private static InetSocketAddress reachable(InetSocketAddress address) {
        return address.getAddress().isAnyLocalAddress()
                ? new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort())
                : address;
    }

    private static String literal(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    /** Closes in order: the door, the hub with its servers, the threads. */
    @Override
    public void close() {
        gateway.close();
        hub.close();
        resources.close();
    }
}
