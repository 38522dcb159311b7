package io.agenthub.bench.load.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP server that echoes calls as told: each call in order may be answered late, wrongly or with an error. */
final class ScriptedServer implements AutoCloseable {

    /** What becomes of a call. */
    record Answer(int status, String body, Duration delay) {
        static Answer at(Duration delay, String body) {
            return new Answer(200, body, delay);
        }
    }

    /** Decides what becomes of a call. */
    @FunctionalInterface
    interface Script {
        Answer answer(int call, String body);
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger calls = new AtomicInteger();
    private final Script script;
    private final Map<String, String> headers;

    ScriptedServer(Script script) throws IOException {
        this(script, Map.of());
    }

    /** Puts the same headers on each answer. */
    ScriptedServer(Script script, Map<String, String> headers) throws IOException {
        this.script = script;
        this.headers = headers;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** The right answer to a call. */
    static String echo(String body) {
        String id = between(body, "\"id\":", ",");
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"content\":[{\"type\":\"text\",\"text\":\""
                + between(body, "\"message\":\"", "\"") + "\"}]}}";
    }

    private static String between(String text, String start, String end) {
        int from = text.indexOf(start) + start.length();
        return text.substring(from, text.indexOf(end, from));
    }

    int port() {
        return server.getAddress().getPort();
    }

    Route route() {
        return Route.of(port(), "/mcp/stub0/tools/call");
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Answer answer = script.answer(calls.getAndIncrement(), body);
        timer.schedule(
                () -> threads.execute(() -> write(exchange, answer)),
                answer.delay().toNanos(),
                TimeUnit.NANOSECONDS);
    }

    private void write(HttpExchange exchange, Answer answer) {
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            headers.forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(answer.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (IOException e) {
            // The client is gone, which is its affair.
            exchange.close();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        timer.shutdownNow();
        threads.shutdownNow();
    }
}
