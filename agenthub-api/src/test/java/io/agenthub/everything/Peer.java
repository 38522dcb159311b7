package io.agenthub.everything;

import io.agenthub.api.rpc.JsonLimits;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcMessage;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResponse;
import io.agenthub.tck.Await;
import io.agenthub.tck.everything.EverythingServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A client at the pipes of a server of its own. */
final class Peer implements AutoCloseable {
    private final Process process;
    private final OutputStream out;
    private final AtomicInteger last = new AtomicInteger();
    private final Map<JsonText, RpcOutcome> outcomes = new ConcurrentHashMap<>();
    private final List<RpcRequest> questions = new CopyOnWriteArrayList<>();
    private final List<RpcNotification> notifications = new CopyOnWriteArrayList<>();
    private volatile @Nullable Throwable garbage;

    /** What every request says about itself; null in the legacy era. */
    private final @Nullable JsonText meta;

    private Peer(@Nullable JsonText meta, String... modes) {
        this.meta = meta;
        try {
            process = new ProcessBuilder(EverythingServer.command(modes))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out = process.getOutputStream();
        Thread reader = new Thread(this::read, "everything-peer");
        reader.setDaemon(true);
        reader.start();
    }

    /** A client that says nothing on its own. */
    static Peer raw(String... modes) {
        return new Peer(null, modes);
    }

    /** A client whose every request has a modern envelope with these capabilities. */
    static Peer modern(String capabilities, String... modes) {
        return new Peer(JsonText.of(meta(capabilities)), modes);
    }

    /** A client that has shaken hands, with these capabilities. */
    static Peer legacy(String capabilities, String... modes) {
        Peer peer = raw(modes);
        peer.result("initialize", handshake("2025-11-25", capabilities));
        peer.notify("notifications/initialized", "{}");
        return peer;
    }

    static String handshake(String revision, String capabilities) {
        return """
                {"protocolVersion":"%s","capabilities":%s,"clientInfo":{"name":"peer","version":"1"}}""".formatted(revision, capabilities);
    }

    static String meta(String capabilities) {
        return """
                {"io.modelcontextprotocol/protocolVersion":"2026-07-28",\
                "io.modelcontextprotocol/clientCapabilities":%s}""".formatted(capabilities);
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                receive(RpcMessage.parse(line.getBytes(StandardCharsets.UTF_8), JsonLimits.RELAY));
                line = lines.readLine();
            }
        } catch (IOException | RuntimeException e) {
            garbage = e;
        }
    }

    private void receive(RpcMessage message) {
        if (message instanceof RpcRequest request) {
            questions.add(request);
        } else if (message instanceof RpcNotification notification) {
            notifications.add(notification);
        } else if (message instanceof RpcResponse response) {
            JsonText id = response.id() == null ? JsonText.NULL : response.id();
            if (outcomes.put(id, response.outcome()) != null) {
                throw new IllegalStateException("answered twice: " + id);
            }
        }
    }

    synchronized void write(String line) {
        try {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a request and does not wait. */
    JsonText send(String method, String params) {
        JsonText id = JsonText.of(Integer.toString(last.incrementAndGet()));
        JsonText body = JsonText.of(params);
        if (meta != null) {
            JsonText own = body.member("_meta").orElse(JsonText.EMPTY_OBJECT);
            for (Map.Entry<String, JsonText> entry : meta.members().entrySet()) {
                own = own.with(entry.getKey(), entry.getValue());
            }
            body = body.with("_meta", own);
        }
        write(new RpcRequest(id, method, body).toJson().singleLine().toString());
        return id;
    }

    RpcOutcome outcome(JsonText id) {
        Await.until("an answer to " + id, () -> outcomes.containsKey(id) || garbage != null);
        if (garbage != null) {
            throw new AssertionError("the server wrote something wrong", garbage);
        }
        return outcomes.get(id);
    }

    boolean isAnswered(JsonText id) {
        return outcomes.containsKey(id);
    }

    JsonText result(String method, String params) {
        return outcome(send(method, params)).orThrow();
    }

    RpcError error(String method, String params) {
        RpcOutcome outcome = outcome(send(method, params));
        if (outcome instanceof RpcError error) {
            return error;
        }
        throw new AssertionError("no error but " + outcome);
    }

    JsonText sendCall(String tool, String more) {
        return send("tools/call", "{\"name\":\"" + tool + "\"" + (more.isEmpty() ? "" : "," + more) + "}");
    }

    /** Calls a tool without arguments. */
    JsonText call(String tool) {
        return call(tool, "");
    }

    /** Calls a tool with more parameters than its name. */
    JsonText call(String tool, String more) {
        return outcome(sendCall(tool, more)).orThrow();
    }

    void notify(String method, String params) {
        write(new RpcNotification(method, JsonText.of(params))
                .toJson()
                .singleLine()
                .toString());
    }

    void cancel(JsonText id) {
        notify("notifications/cancelled", "{\"requestId\":" + id + "}");
    }

    /** The server's own requests so far. */
    List<RpcRequest> questions() {
        return questions;
    }

    /** The server's n-th own request, counted from 1. */
    RpcRequest question(int number) {
        Await.until("question " + number, () -> questions.size() >= number);
        return questions.get(number - 1);
    }

    void reply(RpcRequest question, String result) {
        write("{\"jsonrpc\":\"2.0\",\"id\":" + question.id() + ",\"result\":" + result + "}");
    }

    void refuse(RpcRequest question, String message) {
        write("{\"jsonrpc\":\"2.0\",\"id\":" + question.id() + ",\"error\":{\"code\":-1,\"message\":\"" + message
                + "\"}}");
    }

    /** The parameters of the notifications of one method so far. */
    List<JsonText> heard(String method) {
        return notifications.stream()
                .filter(notification -> notification.method().equals(method))
                .map(notification -> notification.params() == null ? JsonText.EMPTY_OBJECT : notification.params())
                .toList();
    }

    long pid() {
        return process.pid();
    }

    /** Closes its input and waits for its end. */
    int exit() {
        try {
            out.close();
            if (!process.waitFor(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("the server outlives its input");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }

    static String text(JsonText result) {
        return result.at("/content/0/text").orElseThrow().string().orElseThrow();
    }

    static String string(JsonText json, String pointer) {
        return json.at(pointer).orElseThrow().string().orElseThrow();
    }

    static String json(JsonText json, String pointer) {
        return json.at(pointer).orElseThrow().toString();
    }
}
