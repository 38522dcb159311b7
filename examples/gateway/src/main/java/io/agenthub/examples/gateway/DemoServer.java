package io.agenthub.examples.gateway;

import io.agenthub.api.rpc.JsonLimits;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcMessage;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResponse;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.api.server.ServerSpec;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A small MCP server over standard input and output, for a first try. Needs nothing but a JDK. */
public final class DemoServer {
    private static final String LATEST = "2025-11-25";
    private static final List<String> VERSIONS = List.of("2024-11-05", "2025-03-26", "2025-06-18", LATEST);

    private final InputStream in;
    private final OutputStream out;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(DemoServer::daemon);
    private final Map<JsonText, Future<?>> delayed = new ConcurrentHashMap<>();

    DemoServer(InputStream in, OutputStream out) {
        this.in = new BufferedInputStream(in, 1 << 16);
        this.out = out;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "timer");
        thread.setDaemon(true);
        return thread;
    }

    /** How a hub runs this server: with the same Java and the same class path. */
    static ServerSpec spec(String name) {
        return ServerSpec.stdio(
                        name,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        classPath(),
                        DemoServer.class.getName())
                .build();
    }

    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator), -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /**
     * Serves until standard input ends.
     *
     * @param arguments none
     * @throws IOException if standard output is closed
     */
    public static void main(String[] arguments) throws IOException {
        new DemoServer(System.in, System.out).run();
    }

    void run() throws IOException {
        for (byte[] line = line(); line != null; line = line()) {
            if (line.length > 0) {
                take(line);
            }
        }
        timer.shutdownNow();
    }

    private byte @Nullable [] line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return null;
            }
            line.write(b);
        }
        return line.toByteArray();
    }

    private void take(byte[] line) throws IOException {
        RpcMessage message;
        try {
            message = RpcMessage.parse(line, JsonLimits.RELAY);
        } catch (MalformedMessageException e) {
            send(new RpcResponse(null, RpcError.of(e.code(), String.valueOf(e.getMessage()), null)));
            return;
        }
        if (message instanceof RpcRequest request) {
            answer(request);
        } else if (message instanceof RpcNotification notification) {
            hear(notification);
        }
    }

    private void hear(RpcNotification notification) {
        JsonText params = notification.params();
        if (notification.method().equals("notifications/cancelled") && params != null) {
            params.member("requestId").map(delayed::remove).ifPresent(task -> task.cancel(false));
        }
    }

    private void answer(RpcRequest request) throws IOException {
        JsonText params = request.params() == null ? JsonText.EMPTY_OBJECT : request.params();
        switch (request.method()) {
            case "initialize" -> send(request, result(initialize(params)));
            case "ping" -> send(request, new RpcResult(JsonText.EMPTY_OBJECT));
            case "tools/list" -> send(request, result(Map.of("tools", DemoTools.LIST)));
            case "tools/call" -> call(request, params);
            default ->
                send(request, RpcError.of(RpcError.METHOD_NOT_FOUND, "There is no method " + request.method(), null));
        }
    }

    private static Map<String, ?> initialize(JsonText params) {
        String asked =
                params.member("protocolVersion").flatMap(JsonText::string).orElse(LATEST);
        return Map.of(
                "protocolVersion",
                VERSIONS.contains(asked) ? asked : LATEST,
                "capabilities",
                Map.of("tools", Map.of()),
                "serverInfo",
                Map.of("name", "agenthub-demo", "title", "AgentHub demo", "version", "1.0.0"),
                "instructions",
                "Four small tools to try the gateway with: echo, add, time and delay.");
    }

    private void call(RpcRequest request, JsonText params) throws IOException {
        String tool = params.member("name").flatMap(JsonText::string).orElse("");
        JsonText arguments = params.member("arguments").orElse(JsonText.EMPTY_OBJECT);
        if (!DemoTools.NAMES.contains(tool)) {
            send(request, RpcError.of(RpcError.INVALID_PARAMS, "There is no tool '" + tool + "'", null));
            return;
        }
        DemoTools.Answer answer = DemoTools.call(tool, arguments);
        if (answer.afterMillis() == 0) {
            send(request, result(answer.json()));
        } else {
            synchronized (delayed) {
                delayed.put(
                        request.id(),
                        timer.schedule(() -> late(request, answer), answer.afterMillis(), TimeUnit.MILLISECONDS));
            }
        }
    }

    private void late(RpcRequest request, DemoTools.Answer answer) {
        synchronized (delayed) {
            delayed.remove(request.id());
        }
        try {
            send(request, result(answer.json()));
        } catch (IOException e) {
            timer.shutdown();
        }
    }

    private static RpcResult result(Map<String, ?> json) {
        return new RpcResult(JsonText.ofValue(json));
    }

    private void send(RpcRequest request, RpcOutcome outcome) throws IOException {
        send(new RpcResponse(request.id(), outcome));
    }

    private synchronized void send(RpcResponse response) throws IOException {
        JsonText json = response.toJson().singleLine();
        byte[] line = new byte[json.length() + 1];
        json.copyTo(line, 0);
        line[json.length()] = '\n';
        out.write(line);
        out.flush();
    }
}
