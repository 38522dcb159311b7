package io.agenthub.tck;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResponse;
import io.agenthub.api.rpc.RpcResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Timer;
import java.util.TimerTask;
import org.jspecify.annotations.Nullable;

/**
 * The tools of a {@link FakeMcpServer}. Answers carry their data twice: as {@code structuredContent} and, as text, in {@code
 * content}.
 *
 * <table border="1">
 * <caption>Tools that behave</caption>
 * <tr><td>{@code echo}</td><td>its arguments, byte for byte; the text is the argument {@code text} or {@code message} if there is one</td></tr>
 * <tr><td>{@code add {a, b}}</td><td>the sum of two integers</td></tr>
 * <tr><td>{@code delay {ms}}</td><td>answers as {@code echo} after a while, without holding up others</td></tr>
 * <tr><td>{@code reorder {of}}</td><td>as {@code echo}, once {@code of} calls are together, in reverse order</td></tr>
 * <tr><td>{@code progress {steps, after}}</td><td>reports progress 1 to {@code steps}, answers, and goes on to report
 * {@code after} more</td></tr>
 * <tr><td>{@code log {steps}}</td><td>sends {@code notifications/message} before it answers</td></tr>
 * <tr><td>{@code notify {method, count}}</td><td>answers and then sends notifications with {@code {"n":1}} upwards</td></tr>
 * <tr><td>{@code ask {method, params, id}}</td><td>asks the client and answers with what the client answered</td></tr>
 * <tr><td>{@code ask-later {method, params, id}}</td><td>answers and then asks; {@code received} tells the client's answer</td></tr>
 * <tr><td>{@code error {code, message}}</td><td>a JSON-RPC error</td></tr>
 * <tr><td>{@code tool-error}</td><td>a result with {@code isError}</td></tr>
 * <tr><td>{@code received}</td><td>{@code frames} and {@code malformed} lines received, {@code notifications} by method, {@code
 * cancelled} with the id and the argument {@code tag} of each cancelled call, and {@code answers} to {@code ask-later}</td></tr>
 * <tr><td>{@code meta}</td><td>the {@code _meta} of the call as it arrived</td></tr>
 * <tr><td>{@code client}</td><td>the parameters of {@code initialize} as they arrived</td></tr>
 * <tr><td>{@code env}</td><td>{@code environment}, {@code descriptors} of the process and its {@code pid}</td></tr>
 * <tr><td>{@code cwd}</td><td>its working folder and its {@code arguments}</td></tr>
 * </table>
 *
 * <table border="1">
 * <caption>Tools that misbehave</caption>
 * <tr><td>{@code never}</td><td>never answers</td></tr>
 * <tr><td>{@code late}</td><td>answers as {@code echo} only after it was cancelled</td></tr>
 * <tr><td>{@code wrong-id, no-id, null-id, both, duplicate}</td><td>send a wrong answer and the right one; {@code duplicate}
 * sends the right one twice</td></tr>
 * <tr><td>{@code stringified}</td><td>answers with its id as a string</td></tr>
 * <tr><td>{@code noise {rounds}}</td><td>garbage lines around its answer</td></tr>
 * <tr><td>{@code split-utf8}</td><td>writes its answer byte by byte</td></tr>
 * <tr><td>{@code input-required {method}}</td><td>asks for the same input every time, as a stateless server does</td></tr>
 * <tr><td>{@code big {bytes}}</td><td>an answer that is exactly that long, without the line feed</td></tr>
 * <tr><td>{@code flood {count}}</td><td>sends notifications outside calls before it answers</td></tr>
 * <tr><td>{@code stderr {bytes, newlines}}</td><td>floods its error output, then answers; {@code newlines} is true unless said
 * otherwise</td></tr>
 * <tr><td>{@code exit {code, first, stderr}}</td><td>exits, {@code first} writing its {@code answer}, a {@code partial} line, or
 * its answer {@code unterminated} by a line feed</td></tr>
 * <tr><td>{@code halt}</td><td>kills itself with SIGKILL</td></tr>
 * <tr><td>{@code close-stdout, close-stderr}</td><td>close an output and live on; the second answers</td></tr>
 * <tr><td>{@code stop-reading}</td><td>answers, and never reads its input again</td></tr>
 * <tr><td>{@code spawn-grandchild {seconds, hold}}</td><td>leaves a process behind that it is no parent of, and answers with its
 * {@code pid}; with {@code hold} that process keeps the output open</td></tr>
 * </table>
 */
public final class FakeServerTools {
    private static final List<String> NAMES = List.of(
            "echo",
            "add",
            "delay",
            "reorder",
            "progress",
            "log",
            "notify",
            "ask",
            "ask-later",
            "error",
            "tool-error",
            "received",
            "meta",
            "client",
            "env",
            "cwd",
            "never",
            "late",
            "wrong-id",
            "no-id",
            "null-id",
            "both",
            "duplicate",
            "stringified",
            "noise",
            "split-utf8",
            "big",
            "flood",
            "stderr",
            "exit",
            "halt",
            "close-stdout",
            "close-stderr",
            "stop-reading",
            "spawn-grandchild",
            "input-required");

    private final FakeServerWire wire;
    private final FakeServerModes modes;
    private final FakeServerFaults faults;
    private final Map<String, JsonText> tags = new HashMap<>();
    private final Map<String, RpcRequest> late = new HashMap<>();
    private final Map<String, JsonText> asked = new HashMap<>();
    private final List<RpcRequest> together = new ArrayList<>();
    private final List<String> cancelled = new ArrayList<>();
    private final List<String> notifications = new ArrayList<>();
    private final List<String> answers = new ArrayList<>();
    private @Nullable Timer timer;
    private int frames;
    private int malformed;
    private int questions;

    FakeServerTools(FakeServerWire wire, FakeServerModes modes) {
        this.wire = wire;
        this.modes = modes;
        this.faults = new FakeServerFaults(wire, modes);
    }

    void countFrame() {
        frames++;
    }

    void countMalformed() {
        malformed++;
    }

    void list(RpcRequest request) throws IOException {
        int pages = modes.number("pages", 1);
        int page = Math.min(pages - 1, (int) number(params(request), "cursor", 0));
        int size = (NAMES.size() + pages - 1) / pages;
        int end = Math.min(NAMES.size(), (page + 1) * size);
        StringBuilder out = new StringBuilder("{\"tools\":[");
        for (int i = page * size; i < end; i++) {
            out.append(i > page * size ? "," : "")
                    .append("{\"name\":\"")
                    .append(NAMES.get(i))
                    .append("\",\"description\":\"See its documentation.\",\"inputSchema\":{\"type\":\"object\"}}");
        }
        out.append(']');
        if (page + 1 < pages) {
            out.append(",\"nextCursor\":\"").append(page + 1).append('"');
        }
        wire.result(request.id(), out.append('}').toString());
    }

    void call(RpcRequest request) throws IOException {
        JsonText params = params(request);
        JsonText arguments = params.member("arguments").orElse(JsonText.EMPTY_OBJECT);
        Optional<JsonText> tag = arguments.member("tag");
        if (tag.isPresent()) {
            tags.put(request.id().toString(), tag.get());
        }
        String name = params.member("name").orElse(JsonText.NULL).string().orElse("");
        switch (name) {
            case "echo" -> echo(wire, request);
            case "add" -> data(wire, request, Long.toString(number(arguments, "a", 0) + number(arguments, "b", 0)));
            case "delay" -> timer().schedule(new Later(wire, request), number(arguments, "ms", 0));
            case "reorder" -> reorder(request, (int) number(arguments, "of", 2));
            case "progress" -> progress(request, arguments);
            case "log" -> log(request, arguments);
            case "notify" -> {
                data(wire, request, "null");
                notifyMany(
                        string(arguments, "method", "notifications/tools/list_changed"), number(arguments, "count", 1));
            }
            case "flood" -> {
                notifyMany("notifications/message", number(arguments, "count", 1));
                data(wire, request, "null");
            }
            case "ask" -> ask(request.id(), arguments);
            case "ask-later" -> {
                data(wire, request, "null");
                ask(null, arguments);
            }
            case "error" ->
                wire.error(
                        request.id(),
                        (int) number(arguments, "code", -32000),
                        string(arguments, "message", "as asked"));
            case "tool-error" ->
                wire.result(
                        request.id(), "{\"content\":[{\"type\":\"text\",\"text\":\"it failed\"}],\"isError\":true}");
            case "received" -> data(wire, request, received());
            case "meta" ->
                data(wire, request, params.member("_meta").orElse(JsonText.NULL).toString());
            case "client" -> data(wire, request, modes.client().toString());
            case "never" -> {}
            case "late" -> late.put(request.id().toString(), request);
            default -> {
                if (NAMES.contains(name)) {
                    faults.call(name, request, arguments);
                } else {
                    wire.error(request.id(), RpcError.INVALID_PARAMS, "Unknown tool: ".concat(name));
                }
            }
        }
    }

    private void reorder(RpcRequest request, int of) throws IOException {
        together.add(request);
        if (together.size() >= of) {
            for (int i = together.size() - 1; i >= 0; i--) {
                echo(wire, together.get(i));
            }
            together.clear();
        }
    }

    private void progress(RpcRequest request, JsonText arguments) throws IOException {
        Optional<JsonText> token = params(request).at("/_meta/progressToken");
        long steps = number(arguments, "steps", 3);
        long after = number(arguments, "after", 0);
        for (long step = 1; step <= steps + after; step++) {
            if (token.isPresent()) {
                wire.notification(
                        "notifications/progress",
                        FakeServerWire.text(
                                "{\"progressToken\":", token.get(), ",\"progress\":", step, ",\"total\":", steps, "}"));
            }
            if (step == steps) {
                data(wire, request, token.isPresent() ? "true" : "false");
            }
        }
    }

    private void log(RpcRequest request, JsonText arguments) throws IOException {
        long steps = number(arguments, "steps", 1);
        for (long step = 1; step <= steps; step++) {
            wire.notification(
                    "notifications/message",
                    FakeServerWire.text("{\"level\":\"info\",\"logger\":\"fake\",\"data\":", step, "}"));
        }
        data(wire, request, "null");
    }

    private void notifyMany(String method, long count) throws IOException {
        for (long n = 1; n <= count; n++) {
            wire.notification(method, FakeServerWire.text("{\"n\":", n, "}"));
        }
    }

    private void ask(@Nullable JsonText call, JsonText arguments) throws IOException {
        JsonText id = arguments.member("id").orElse(JsonText.of(Integer.toString(++questions)));
        asked.put(id.toString(), call == null ? JsonText.NULL : call);
        String method = string(arguments, "method", "elicitation/create");
        wire.write(new RpcRequest(id, method, arguments.member("params").orElse(null))
                .toJson()
                .toString()
                .concat("\n"));
    }

    void answered(RpcResponse response) throws IOException {
        JsonText id = response.id();
        JsonText call = id == null ? null : asked.remove(id.toString());
        String outcome = response.outcome() instanceof RpcResult result
                ? FakeServerWire.text("{\"result\":", result.value(), "}")
                : FakeServerWire.text("{\"error\":", ((RpcError) response.outcome()).json(), "}");
        if (call == null || call.isNull()) {
            answers.add(outcome);
        } else {
            data(wire, new RpcRequest(call, "", null), outcome);
        }
    }

    void notified(RpcNotification notification) throws IOException {
        notifications.add(JsonText.quote(notification.method()).toString());
        JsonText params = notification.params();
        if (notification.method().equals("notifications/cancelled") && params != null) {
            String id = params.member("requestId").orElse(JsonText.NULL).toString();
            cancelled.add(FakeServerWire.text("{\"id\":", id, ",\"tag\":", tags.getOrDefault(id, JsonText.NULL), "}"));
            RpcRequest waiting = late.remove(id);
            if (waiting != null) {
                echo(wire, waiting);
            }
        }
    }

    private String received() {
        return FakeServerWire.text(
                "{\"frames\":",
                frames,
                ",\"malformed\":",
                malformed,
                ",\"notifications\":",
                notifications,
                ",\"cancelled\":",
                cancelled,
                ",\"answers\":",
                answers,
                "}");
    }

    private Timer timer() {
        Timer running = timer;
        if (running == null) {
            running = new Timer(true);
            timer = running;
        }
        return running;
    }

    static void echo(FakeServerWire wire, RpcRequest request) throws IOException {
        JsonText arguments = params(request).member("arguments").orElse(JsonText.EMPTY_OBJECT);
        Optional<JsonText> text = arguments.member("text").or(() -> arguments.member("message"));
        boolean own = text.isPresent() && text.get().isString();
        wire.result(
                request.id(),
                FakeServerWire.text(
                        "{\"content\":[{\"type\":\"text\",\"text\":",
                        own ? text.get() : "\"echo\"",
                        "}],\"structuredContent\":",
                        arguments,
                        "}"));
    }

    static void data(FakeServerWire wire, RpcRequest request, String json) throws IOException {
        wire.result(request.id(), result(json));
    }

    static String result(String json) {
        return FakeServerWire.text(
                "{\"content\":[{\"type\":\"text\",\"text\":",
                JsonText.quote(json),
                "}],\"structuredContent\":",
                json,
                "}");
    }

    private static JsonText params(RpcRequest request) {
        JsonText params = request.params();
        return params == null ? JsonText.EMPTY_OBJECT : params;
    }

    static long number(JsonText arguments, String name, long otherwise) {
        Optional<JsonText> value = arguments.member(name);
        if (value.isEmpty()) {
            return otherwise;
        }
        return Long.parseLong(value.get().string().orElse(value.get().toString()));
    }

    static String string(JsonText arguments, String name, String otherwise) {
        return arguments.member(name).orElse(JsonText.NULL).string().orElse(otherwise);
    }

    private static final class Later extends TimerTask {
        private final FakeServerWire wire;
        private final RpcRequest request;

        Later(FakeServerWire wire, RpcRequest request) {
            this.wire = wire;
            this.request = request;
        }

        @Override
        public void run() {
            try {
                echo(wire, request);
                wire.flush();
            } catch (IOException e) {
                Runtime.getRuntime().halt(74);
            }
        }
    }
}
