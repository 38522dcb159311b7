package io.agenthub.tck;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcRequest;
import java.io.BufferedReader;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** The tools of a {@link FakeMcpServer} that misbehave; see {@link FakeServerTools}. */
final class FakeServerFaults {
    private final FakeServerWire wire;
    private final FakeServerModes modes;

    FakeServerFaults(FakeServerWire wire, FakeServerModes modes) {
        this.wire = wire;
        this.modes = modes;
    }

    void call(String name, RpcRequest request, JsonText arguments) throws IOException {
        switch (name) {
            case "wrong-id" -> before(request, "{\"jsonrpc\":\"2.0\",\"id\":987654321,\"result\":{}}\n");
            case "no-id" -> before(request, "{\"jsonrpc\":\"2.0\",\"result\":{}}\n");
            case "null-id" ->
                before(request, "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":1,\"message\":\"\"}}\n");
            case "both" -> before(request, both(request.id()));
            case "duplicate" -> {
                FakeServerTools.echo(wire, request);
                FakeServerTools.echo(wire, request);
            }
            case "stringified" -> wire.result(JsonText.quote(request.id().toString()), FakeServerTools.result("null"));
            case "noise" -> noise(request, FakeServerTools.number(arguments, "rounds", 1));
            case "split-utf8" -> splitUtf8(request);
            case "big" -> big(request.id(), FakeServerTools.number(arguments, "bytes", 1 << 20));
            case "stderr" -> stderr(request, arguments);
            case "exit" -> exit(request, arguments);
            case "halt" -> {
                wire.flush();
                new ProcessBuilder("sh", "-c", "kill -s KILL $PPID").start();
                FakeServerModes.forever();
            }
            case "close-stdout" -> wire.closeOutput();
            case "close-stderr" -> {
                new FileOutputStream(FileDescriptor.err).close();
                FakeServerTools.data(wire, request, "null");
            }
            case "stop-reading" -> {
                FakeServerTools.data(wire, request, "null");
                wire.flush();
                FakeServerModes.forever();
            }
            case "input-required" -> inputRequired(request, arguments);
            case "env" -> FakeServerTools.data(wire, request, environment());
            case "cwd" -> FakeServerTools.data(wire, request, place());
            case "spawn-grandchild" -> spawnGrandchild(request, arguments);
            default -> throw new IllegalStateException(name);
        }
    }

    private void inputRequired(RpcRequest request, JsonText arguments) throws IOException {
        String method = FakeServerTools.string(arguments, "method", "elicitation/create");
        wire.result(
                request.id(),
                FakeServerWire.text(
                        "{\"resultType\":\"input_required\",\"inputRequests\":{\"again\":{\"method\":",
                        JsonText.quote(method),
                        ",\"params\":{\"message\":\"Again?\"}}},\"requestState\":\"as it was\"}"));
    }

    private void before(RpcRequest request, String wrong) throws IOException {
        wire.write(wrong);
        FakeServerTools.echo(wire, request);
    }

    private static String both(JsonText id) {
        return FakeServerWire.text(
                "{\"jsonrpc\":\"2.0\",\"id\":", id, ",\"result\":{},\"error\":{\"code\":1,\"message\":\"both\"}}\n");
    }

    private void noise(RpcRequest request, long rounds) throws IOException {
        for (long round = 0; round < rounds; round++) {
            FakeServerNoise.write(wire);
        }
        FakeServerTools.echo(wire, request);
        FakeServerNoise.write(wire);
    }

    private void splitUtf8(RpcRequest request) throws IOException {
        byte[] line = FakeServerWire.text(
                        "{\"jsonrpc\":\"2.0\",\"id\":",
                        request.id(),
                        ",\"result\":",
                        FakeServerTools.result("\"a é 漢 😀 z\""),
                        "}\n")
                .getBytes(StandardCharsets.UTF_8);
        wire.flush();
        for (int i = 0; i < line.length; i++) {
            wire.write(line, i, 1);
            wire.flush();
        }
    }

    private void big(JsonText id, long bytes) throws IOException {
        String head = FakeServerWire.text(
                "{\"jsonrpc\":\"2.0\",\"id\":", id, ",\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"");
        String tail = "\"}]}}";
        byte[] filling = new byte[1 << 16];
        Arrays.fill(filling, (byte) 'x');
        wire.write(head);
        for (long left = bytes - head.length() - tail.length(); left > 0; left -= filling.length) {
            wire.write(filling, 0, (int) Math.min(left, filling.length));
        }
        wire.write(tail);
        wire.write("\n");
    }

    private void stderr(RpcRequest request, JsonText arguments) throws IOException {
        boolean newlines =
                !arguments.member("newlines").orElse(JsonText.NULL).toString().equals("false");
        byte[] filling = new byte[1 << 16];
        Arrays.fill(filling, (byte) 'e');
        for (int i = 79; newlines && i < filling.length; i += 80) {
            filling[i] = '\n';
        }
        FileOutputStream err = new FileOutputStream(FileDescriptor.err);
        for (long left = FakeServerTools.number(arguments, "bytes", 1 << 20); left > 0; left -= filling.length) {
            err.write(filling, 0, (int) Math.min(left, filling.length));
        }
        FakeServerTools.data(wire, request, "null");
    }

    private void exit(RpcRequest request, JsonText arguments) throws IOException {
        String stderr = FakeServerTools.string(arguments, "stderr", "");
        if (!stderr.isEmpty()) {
            System.err.println(stderr);
        }
        switch (FakeServerTools.string(arguments, "first", "")) {
            case "answer" -> FakeServerTools.echo(wire, request);
            case "partial" ->
                wire.write("{\"jsonrpc\":\"2.0\",\"id\":".concat(request.id().toString()));
            case "unterminated" ->
                wire.write(FakeServerWire.text(
                        "{\"jsonrpc\":\"2.0\",\"id\":",
                        request.id(),
                        ",\"result\":",
                        FakeServerTools.result("\"unterminated\""),
                        "}"));
            default -> {}
        }
        wire.flush();
        Runtime.getRuntime().halt((int) FakeServerTools.number(arguments, "code", 1));
    }

    private static String environment() throws IOException {
        StringBuilder out = new StringBuilder("{\"environment\":{");
        String separator = "";
        for (Map.Entry<String, String> variable : System.getenv().entrySet()) {
            out.append(separator).append(JsonText.quote(variable.getKey())).append(':');
            out.append(JsonText.quote(variable.getValue()));
            separator = ",";
        }
        out.append("},\"descriptors\":{");
        separator = "";
        String[] descriptors = new File("/proc/self/fd").list();
        for (String descriptor : descriptors == null ? new String[0] : descriptors) {
            Path link = Path.of("/proc/self/fd", descriptor);
            if (Files.isSymbolicLink(link)) {
                out.append(separator).append(JsonText.quote(descriptor)).append(':');
                out.append(JsonText.quote(Files.readSymbolicLink(link).toString()));
                separator = ",";
            }
        }
        return out.append("},\"pid\":")
                .append(ProcessHandle.current().pid())
                .append('}')
                .toString();
    }

    private String place() {
        StringBuilder out = new StringBuilder("{\"cwd\":");
        out.append(JsonText.quote(Path.of("").toAbsolutePath().toString())).append(",\"arguments\":[");
        String separator = "";
        for (String argument : modes.arguments()) {
            out.append(separator).append(JsonText.quote(argument));
            separator = ",";
        }
        return out.append("]}").toString();
    }

    /** The shell ends at once, so that what it started is nobody's child here. */
    private void spawnGrandchild(RpcRequest request, JsonText arguments) throws IOException {
        boolean hold = arguments.member("hold").orElse(JsonText.NULL).toString().equals("true");
        String sleep = "sleep ".concat(Long.toString(FakeServerTools.number(arguments, "seconds", 60)));
        Process shell = new ProcessBuilder("sh", "-c", sleep.concat(" 2>/dev/null & echo $! >&2"))
                .redirectInput(new File("/dev/null"))
                .redirectOutput(hold ? ProcessBuilder.Redirect.INHERIT : ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(shell.getErrorStream(), StandardCharsets.UTF_8))) {
            FakeServerTools.data(wire, request, FakeServerWire.text("{\"pid\":", said.readLine(), "}"));
        }
    }
}
