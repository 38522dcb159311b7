package io.agenthub.examples.gateway.figures;

import io.agenthub.tck.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The gateway application in a JVM of its own, with servers that are trees of three and end only by SIGKILL. */
final class GatewayProcess {
    static final int SERVERS = 8;
    static final int TREE = 3;

    private final String marker = "AGENTHUB_FIGURE=" + UUID.randomUUID();
    private final Path output;
    private final Process process;
    private final int port;
    private final Set<Long> family = new LinkedHashSet<>();

    /** Starts it, and waits until it and all its trees run. */
    GatewayProcess(Path folder, Stub stub, int port) throws IOException {
        output = folder.resolve("output-" + marker.substring(16, 24));
        Path config = Files.writeString(folder.resolve("config.json"), config(stub));
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.agenthub.examples.gateway.Main",
                        "--config",
                        config.toString(),
                        "--port",
                        Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        Await.until("the gateway says where it listens", () -> !process.isAlive() || port() > 0);
        this.port = port();
        if (this.port < 0) {
            throw new IllegalStateException("the gateway did not start: " + Files.readString(output));
        }
        Await.until("all trees are complete", () -> Proc.marked(marker).size() >= SERVERS * TREE);
        family.addAll(Proc.marked(marker));
        process.descendants().forEach(member -> family.add(member.pid()));
    }

    private String config(Stub stub) {
        StringBuilder servers = new StringBuilder();
        int equals = marker.indexOf('=');
        for (int i = 0; i < SERVERS; i++) {
            servers.append(i == 0 ? "" : ",")
                    .append("\"s" + i + "\":{\"command\":\"perl\",\"args\":[\"" + stub.script()
                            + "\",\"tree\"],\"env\":{\"")
                    .append(marker, 0, equals)
                    .append("\":\"")
                    .append(marker, equals + 1, marker.length())
                    .append("\"},\"agenthub\":{\"start\":\"eager\",\"protocol\":\"legacy\"}}");
        }
        return "{\"mcpServers\":{" + servers + "}}";
    }

    /** Reads the port from the banner; -1 while it is not there. */
    private int port() {
        try {
            String text = Files.readString(output);
            int begin = text.indexOf("listens on http://127.0.0.1:");
            int end = text.indexOf('\n', begin);
            return begin < 0 || end < 0
                    ? -1
                    : Integer.parseInt(text.substring(begin + "listens on http://127.0.0.1:".length(), end)
                            .trim());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int boundPort() {
        return port;
    }

    Process process() {
        return process;
    }

    /** Members of the family, the guardian included, that live, and whoever else bears the mark. */
    List<Long> survivors() {
        Set<Long> alive = new LinkedHashSet<>(Proc.marked(marker));
        family.stream().filter(Proc::alive).forEach(alive::add);
        return new ArrayList<>(alive);
    }

    /** How long the last of the family outlives this moment, at most the patience. */
    Duration outlived(Duration patience) {
        long begun = System.nanoTime();
        Await.until(patience, "the whole family is gone", () -> survivors().isEmpty());
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** Ends what a failed test has left. */
    void clear() {
        process.destroyForcibly();
        survivors().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }
}
