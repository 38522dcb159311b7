package io.agenthub.tck;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcRequest;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How a {@link FakeMcpServer} starts, initializes and ends. */
final class FakeServerModes {
    private static final Set<String> KNOWN = Set.of(
            "exit",
            "slow-start",
            "noise",
            "stderr",
            "notify-first",
            "initialize",
            "discover",
            "flood",
            "no-ping",
            "pages",
            "ignore-eof",
            "slow-exit",
            "ignore-term");

    private final Map<String, String> modes = new HashMap<>();
    private final String[] arguments;
    private JsonText client = JsonText.NULL;

    FakeServerModes(String[] arguments) {
        this.arguments = arguments;
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (KNOWN.contains(name)) {
                modes.put(name, equals < 0 ? "" : argument.substring(equals + 1));
            }
        }
    }

    boolean has(String mode) {
        return modes.containsKey(mode);
    }

    int number(String mode, int otherwise) {
        String value = modes.get(mode);
        return value == null ? otherwise : Integer.parseInt(value);
    }

    String[] arguments() {
        return arguments;
    }

    /** The parameters of {@code initialize}. */
    JsonText client() {
        return client;
    }

    void begin(FakeServerWire wire) throws IOException {
        if (has("stderr")) {
            System.err.println(modes.get("stderr"));
        }
        if (has("flood")) {
            byte[] chunk = new byte[1 << 16];
            Arrays.fill(chunk, (byte) 'e');
            for (int i = 0; i < 64; i++) {
                System.err.write(chunk, 0, chunk.length);
            }
        }
        if (has("exit")) {
            Runtime.getRuntime().halt(number("exit", 1));
        }
        if (has("ignore-term")) {
            Runtime.getRuntime().addShutdownHook(new Deaf());
        }
        if (has("slow-start")) {
            pause(number("slow-start", 0));
        }
        if (has("noise")) {
            FakeServerNoise.write(wire);
        }
    }

    void initialize(FakeServerWire wire, RpcRequest request) throws IOException {
        JsonText params = request.params();
        client = params == null ? JsonText.NULL : params;
        if (has("notify-first")) {
            wire.notification("notifications/message", "{\"level\":\"info\",\"data\":\"before initialize\"}");
        }
        switch (modes.getOrDefault("initialize", "")) {
            case "never" -> {}
            case "exit" -> Runtime.getRuntime().halt(3);
            case "garbage" -> wire.result(request.id(), "\"garbage\"");
            case "noise" -> wire.write("initialize? never heard of it\n");
            case "error" -> wire.error(request.id(), -32603, "cannot initialize");
            case "version" -> wire.result(request.id(), greeting("1999-01-01"));
            default -> wire.result(request.id(), greeting(negotiated(request)));
        }
    }

    void discover(FakeServerWire wire, RpcRequest request) throws IOException {
        switch (modes.getOrDefault("discover", "")) {
            case "never" -> {}
            case "exit" -> Runtime.getRuntime().halt(101);
            case "modern" ->
                wire.result(
                        request.id(),
                        "{\"resultType\":\"complete\",\"supportedVersions\":[\"2026-07-28\"],"
                                + "\"capabilities\":{\"tools\":{\"listChanged\":true}},"
                                + "\"ttlMs\":0,\"cacheScope\":\"private\"}");
            case "unsupported" -> unsupported(wire, request, "2999-01-01");
            case "contrary" -> unsupported(wire, request, "2026-07-28");
            case "hesitant" -> {
                modes.put("discover", "modern");
                unsupported(wire, request, "2026-07-28");
            }
            default -> wire.error(request.id(), -32601, "Method not found: server/discover");
        }
    }

    private static void unsupported(FakeServerWire wire, RpcRequest request, String supported) throws IOException {
        wire.write(FakeServerWire.text(
                "{\"jsonrpc\":\"2.0\",\"id\":",
                request.id(),
                ",\"error\":{\"code\":-32022,\"message\":\"Unsupported protocol version\",\"data\":{\"supported\":[\""
                        + supported + "\"],\"requested\":\"2026-07-28\"}}}\n"));
    }

    private static String negotiated(RpcRequest request) {
        JsonText params = request.params();
        if (params != null) {
            Optional<JsonText> wanted = params.member("protocolVersion");
            if (wanted.isPresent()
                    && FakeMcpServer.REVISIONS.contains(wanted.get().string().orElse(""))) {
                return wanted.get().string().orElse("");
            }
        }
        return FakeMcpServer.REVISIONS.get(FakeMcpServer.REVISIONS.size() - 1);
    }

    private static String greeting(String revision) {
        return FakeServerWire.text(
                "{\"protocolVersion\":\"",
                revision,
                "\",\"capabilities\":{\"tools\":{\"listChanged\":true},\"logging\":{}},"
                        + "\"serverInfo\":{\"name\":\"fake-mcp-server\",\"version\":\"1.0.0\"},"
                        + "\"instructions\":\"Misbehaves as told.\"}");
    }

    void inputEnded() {
        if (has("slow-exit")) {
            pause(number("slow-exit", 0));
        }
        if (has("ignore-eof")) {
            forever();
        }
    }

    static void forever() {
        pause(Long.MAX_VALUE);
    }

    private static void pause(long millis) {
        try {
            new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Runtime.getRuntime().halt(70);
        }
    }

    /** A shutdown hook that never ends, so that SIGTERM begins to end the JVM and never finishes. */
    private static final class Deaf extends Thread {
        @Override
        public void run() {
            forever();
        }
    }
}
