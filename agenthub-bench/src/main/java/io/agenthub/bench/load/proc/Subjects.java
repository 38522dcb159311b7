package io.agenthub.bench.load.proc;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.spi.ActivityStoreProvider;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/** Starts what is measured. For one thread. */
public final class Subjects {
    /** With less, Netty would keep no buffers of more than 16 KiB for them. */
    private static final List<String> PEER_FLAGS = List.of("-Xmx1g");

    private static final String ACTIVITY_STORE = "sqlite";
    private static final String CLASS_PATH = System.getProperty("java.class.path");
    private static final String MAIN = "io.agenthub.bench.Main";

    private final Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    private final Path directory;
    private final Pinning pinning;
    private final StubCommand stub;
    private final Optional<Path> gatewayJar;
    private final List<String> applicationFlags;
    private int started;

    /**
     * Prepares the folder that everything runs in.
     *
     * @param directory an empty folder
     * @param pinning where the processes run
     * @param gatewayJar the gateway application; without it, one is put together from the library
     * @param applicationFlags the JVM options that the application ships
     * @throws IOException if the stub server cannot be laid out
     */
    public Subjects(Path directory, Pinning pinning, Optional<Path> gatewayJar, List<String> applicationFlags)
            throws IOException {
        this.directory = directory;
        this.pinning = pinning;
        this.stub = StubCommand.install(java, directory);
        this.gatewayJar = gatewayJar;
        this.applicationFlags = List.copyOf(applicationFlags);
    }

    /**
     * Whether the activity store is on the class path.
     *
     * @return false if calls cannot be recorded
     */
    public boolean hasActivityStore() {
        return ServiceLoader.load(ActivityStoreProvider.class).stream()
                .anyMatch(provider -> provider.get().name().equals(ACTIVITY_STORE));
    }

    /**
     * Where processes run.
     *
     * @return the pinning
     */
    public Pinning pinning() {
        return pinning;
    }

    /** The command of a stub server, pinned like the load. */
    private List<String> stubCommand() {
        return pinning.load(stub.fast());
    }

    /**
     * Starts the minimal relay.
     *
     * @param children how many stub servers stand behind it
     * @return the relay
     * @throws IOException if it does not start
     */
    public Subject relay(int children) throws IOException {
        return peer("relay", Subject.Face.PLAIN, children);
    }

    /**
     * Starts the official Java SDK's client with its HTTP front.
     *
     * @return the proxy
     * @throws IOException if it does not start
     */
    public Subject sdk() throws IOException {
        return peer("sdk", Subject.Face.PLAIN, 1);
    }

    /**
     * Starts a gateway made of the official Java SDK alone, which speaks MCP with sessions and nothing else.
     *
     * @return the gateway
     * @throws IOException if it does not start
     */
    public Subject sdkGateway() throws IOException {
        return peer("sdk-gateway", Subject.Face.MCP, 1);
    }

    private Subject peer(String name, Subject.Face face, int children) throws IOException {
        int port = Subject.freePort();
        List<String> command = main(PEER_FLAGS, name, Integer.toString(port), Integer.toString(children));
        command.addAll(children > 1 ? stub.small() : stubCommand());
        List<String> whole = children > 1 ? command : pinning.measured(command);
        return Subject.start(name, whole, face, port, log(name));
    }

    /**
     * Runs a part of this program in a JVM of its own, on the processor of the measured process, to its end.
     *
     * @param flags options for the JVM
     * @param arguments the program's arguments; the command of a stub server is added
     * @return what it measured
     * @throws IOException if it fails
     */
    public Map<String, Double> part(List<String> flags, String... arguments) throws IOException {
        List<String> command = main(flags, arguments);
        command.addAll(stubCommand());
        return Part.run(pinning.measured(command));
    }

    private List<String> main(List<String> flags, String... arguments) {
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(flags);
        // They may end without a chance to clean up behind themselves.
        command.add("-Djava.io.tmpdir=" + directory);
        command.addAll(List.of("-cp", CLASS_PATH, MAIN));
        command.addAll(List.of(arguments));
        return command;
    }

    /**
     * Starts the gateway.
     *
     * @param options how
     * @return the gateway
     * @throws IOException if it does not start
     */
    public Subject gateway(GatewayOptions options) throws IOException {
        int port = Subject.freePort();
        Path home = Files.createDirectories(directory.resolve("gateway-" + ++started));
        Path config = home.resolve("servers.json");
        Files.writeString(config, JsonText.ofValue(config(options)).toString());
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(applicationFlags);
        command.addAll(options.flags());
        command.addAll(program(
                config.toString(), Integer.toString(port), home.resolve("data").toString()));
        return Subject.start(
                "agenthub",
                options.pinned() ? pinning.measured(command) : pinning.free(command),
                Subject.Face.PLAIN,
                port,
                log("agenthub"));
    }

    private List<String> program(String config, String port, String data) {
        return gatewayJar
                .map(jar -> List.of("-jar", jar.toString(), "--config", config, "--port", port, "--data", data))
                .orElseGet(() -> List.of("-cp", CLASS_PATH, MAIN, "gateway", config, port, data));
    }

    private Map<String, Object> config(GatewayOptions options) {
        List<String> command = options.small() ? stub.small() : stub.fast();
        List<String> child = options.pinned() ? pinning.load(command) : command;
        Map<String, Object> servers = new LinkedHashMap<>();
        for (int i = 0; i < options.children(); i++) {
            servers.put(
                    "stub" + i,
                    Map.of(
                            "command", child.get(0),
                            "args", child.subList(1, child.size()),
                            "agenthub", Map.of("start", "eager")));
        }
        Map<String, Object> hub = new LinkedHashMap<>();
        if (options.activities() && hasActivityStore()) {
            hub.put("activity", ACTIVITY_STORE);
        }
        if (options.connections() > 0) {
            hub.put("gateway", Map.of("maxConnections", options.connections()));
        }
        return Map.of("mcpServers", servers, "agenthub", hub);
    }

    /** A new file for what a process prints. */
    private Path log(String name) {
        return new File(directory.toFile(), name + "-" + ++started + ".log").toPath();
    }

    /**
     * A new empty folder.
     *
     * @param name what it is for
     * @return the folder
     * @throws IOException if it cannot be made
     */
    public Path folder(String name) throws IOException {
        return Files.createDirectories(directory.resolve(name + "-" + ++started));
    }
}
