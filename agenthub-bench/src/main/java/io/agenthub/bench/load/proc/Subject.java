package io.agenthub.bench.load.proc;

import io.agenthub.bench.load.http.McpHandshake;
import io.agenthub.bench.load.http.OneCall;
import io.agenthub.bench.load.http.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A process that is measured: it listens on a port and has answered a first call correctly. For one thread. */
public final class Subject implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final String CALL = """
            {"jsonrpc":"2.0","id":"first","method":"tools/call","params":{"name":"echo","arguments":{"message":"hello"}}}""";

    private final String name;
    private final Process process;
    private final int port;
    private final Duration untilFirstAnswer;

    private Subject(String name, Process process, int port, Duration untilFirstAnswer) {
        this.name = name;
        this.process = process;
        this.port = port;
        this.untilFirstAnswer = untilFirstAnswer;
    }

    /** What a process is asked through. */
    enum Face {
        /** Plain calls of tools. */
        PLAIN {
            @Override
            Route open(int port) {
                return Route.of(port, "/mcp/stub0/tools/call");
            }
        },

        /** MCP alone. */
        MCP {
            @Override
            Route open(int port) throws IOException {
                return McpHandshake.open(port, "/mcp/stub0")
                        .orElseThrow(() -> new IOException("no MCP endpoint on port " + port));
            }
        };

        /** A route for a first call; fails while nobody listens. */
        abstract Route open(int port) throws IOException;
    }

    /** Starts a process and waits for its first correct answer. */
    static Subject start(String name, List<String> command, Face face, int port, Path log) throws IOException {
        long begun = System.nanoTime();
        Process process = Processes.start(
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()));
        while (!answers(face, port)) {
            long waited = System.nanoTime() - begun;
            if (!process.isAlive() || waited > START_TIMEOUT.toNanos()) {
                process.destroyForcibly();
                throw new IOException(name + " did not answer within "
                        + Duration.ofNanos(waited).toSeconds() + " s:\n" + Files.readString(log));
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return new Subject(name, process, port, Duration.ofNanos(System.nanoTime() - begun));
    }

    private static boolean answers(Face face, int port) {
        try (OneCall connection = OneCall.connect(port, Duration.ofSeconds(20))) {
            OneCall.Answer answer = connection.post(face.open(port), CALL);
            return answer.status() == 200
                    && answer.body().contains("\"id\":\"first\"")
                    && answer.body().contains("\"text\":\"hello\"");
        } catch (IOException e) {
            return false;
        }
    }

    /** A port that nobody listens on. */
    static int freePort() {
        while (true) {
            // Not of those that the system gives to outgoing connections, one of which might take it meanwhile.
            int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // Taken; another one.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * What reports call it.
     *
     * @return its name
     */
    public String name() {
        return name;
    }

    /**
     * The same process under another name.
     *
     * @param other what reports call it
     * @return the subject, to be closed instead of this one
     */
    public Subject renamed(String other) {
        return new Subject(other, process, port, untilFirstAnswer);
    }

    /**
     * Where it listens.
     *
     * @return a port of the loopback address
     */
    public int port() {
        return port;
    }

    /**
     * The processor time that it has used.
     *
     * @return its own, without that of the servers that it has started
     */
    public Duration cpu() {
        return ProcStat.cpu(process());
    }

    /**
     * The process.
     *
     * @return its handle
     */
    public ProcessHandle process() {
        return process.toHandle();
    }

    /**
     * How long it took from the start of the process to the first correct answer of a server behind it.
     *
     * @return the time
     */
    public Duration untilFirstAnswer() {
        return untilFirstAnswer;
    }

    /**
     * Where plain calls of tools go.
     *
     * @param child the number of the server behind it
     * @return the route
     */
    public Route plain(int child) {
        return Route.of(port, "/mcp/stub" + child + "/tools/call");
    }

    /**
     * Opens an MCP session.
     *
     * @param child the number of the server behind it
     * @return the route with the session's headers; empty if there is no MCP endpoint here
     * @throws IOException if the handshake fails
     */
    public Optional<Route> session(int child) throws IOException {
        return McpHandshake.open(port, "/mcp/stub" + child);
    }

    /** Ends the process, in order if it will, and all that it started. */
    @Override
    public void close() {
        List<ProcessHandle> family = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        family.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public String toString() {
        return name + " on port " + port;
    }
}
