package io.agenthub.bench.load.part;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A call with a server process of its own: start, handshake, call, end. */
final class OneProcess {
    private static final String HANDSHAKE = """
            {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18",\
            "capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}
            """;
    private static final String INITIALIZED = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n";

    private OneProcess() {}

    static boolean call(List<String> command, HubCaller.Call call, int slot) throws IOException {
        Process server = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream in = server.getOutputStream();
                BufferedReader out =
                        new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
            send(in, HANDSHAKE);
            String hello = out.readLine();
            send(in, INITIALIZED);
            send(in, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":" + call.params(slot) + "}\n");
            String answer = out.readLine();
            return hello != null && answer != null && answer.contains("\"" + HubCaller.Call.text(slot) + "\"");
        } finally {
            server.destroy();
        }
    }

    private static void send(OutputStream in, String lines) throws IOException {
        in.write(lines.getBytes(StandardCharsets.UTF_8));
        in.flush();
    }
}
