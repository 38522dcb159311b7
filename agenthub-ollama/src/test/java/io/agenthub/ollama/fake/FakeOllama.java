package io.agenthub.ollama.fake;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A double of Ollama on a loopback port. Knows no model at first. */
public final class FakeOllama implements AutoCloseable {
    private final ServerSocket server;
    private final FakeApi api = new FakeApi();
    private final List<FakeRequest> requests = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Predicate<FakeRequest> spoiled = request -> false;
    private volatile FakeFault fault = FakeFault.NONE;

    private FakeOllama(int port) throws IOException {
        server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        start("fake-ollama", this::accept);
    }

    /** Starts a double on any free port. */
    public static FakeOllama start() throws IOException {
        return new FakeOllama(0);
    }

    /** Starts a double on a certain port. */
    public static FakeOllama start(int port) throws IOException {
        return new FakeOllama(port);
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** The base URL. */
    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /** The port. */
    public int port() {
        return server.getLocalPort();
    }

    /** Adds a model, or replaces it. */
    public FakeOllama model(String name, FakeModel model) {
        api.models.put(FakeApi.full(name), model);
        return this;
    }

    /** Claims a version. */
    public FakeOllama version(String version) {
        api.version = version;
        return this;
    }

    /** Spoils the answers to all requests from now on. */
    public FakeOllama spoil(FakeFault how) {
        return spoil(request -> true, how);
    }

    /** Spoils the answers to some requests from now on. */
    public FakeOllama spoil(Predicate<FakeRequest> which, FakeFault how) {
        fault = how;
        spoiled = which;
        return this;
    }

    /** Spoils the answer to the next request only. */
    public FakeOllama spoilOnce(FakeFault how) {
        AtomicInteger left = new AtomicInteger(1);
        return spoil(request -> left.getAndDecrement() > 0, how);
    }

    /** Answers properly from now on. */
    public FakeOllama heal() {
        spoiled = request -> false;
        return this;
    }

    /** What came, in order. */
    public List<FakeRequest> requests() {
        return List.copyOf(requests);
    }

    /** What came to one path, in order. */
    public List<FakeRequest> requests(String path) {
        return requests.stream().filter(request -> request.path().equals(path)).toList();
    }

    /** Connections so far. */
    public int connections() {
        return connections.get();
    }

    /** Connections that neither side has closed. */
    public int openConnections() {
        return open.size();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                connections.incrementAndGet();
                open.add(socket);
                start("fake-ollama-connection", () -> serve(socket));
            }
        } catch (IOException closed) {
            // The double was closed.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            boolean more = true;
            while (more) {
                Optional<FakeRequest> request = FakeRequest.read(in);
                more = request.isPresent() && answer(request.get(), socket);
            }
        } catch (IOException | InterruptedException gone) {
            // The client went away, or the double was closed.
        } finally {
            open.remove(socket);
        }
    }

    private boolean answer(FakeRequest request, Socket socket) throws IOException, InterruptedException {
        requests.add(request);
        FakeFault how = spoiled.test(request) ? fault : FakeFault.NONE;
        FakeAnswer answer = api.answer(request);
        if (request.method().equals("HEAD")) {
            answer = new FakeAnswer(answer.status(), answer.contentType(), false, List.of());
        }
        return how.send(answer, socket, stopped) && request.keepAlive();
    }

    @Override
    public void close() throws IOException {
        stopped.countDown();
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
