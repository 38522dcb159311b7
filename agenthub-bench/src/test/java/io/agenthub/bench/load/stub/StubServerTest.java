package io.agenthub.bench.load.stub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.bench.load.proc.StubCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StubServerTest {
    @TempDir
    private Path folder;

    private Process server;
    private OutputStream in;
    private BufferedReader out;

    @BeforeEach
    void start() throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        server = new ProcessBuilder(StubCommand.install(java, folder).fast())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        in = server.getOutputStream();
        out = server.inputReader(StandardCharsets.UTF_8);
    }

    @AfterEach
    void stop() {
        server.destroyForcibly();
    }

    private void send(String... lines) throws IOException {
        in.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
    }

    private static String call(String id, String tool, String arguments) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
                + "\",\"arguments\":{" + arguments + "}}}";
    }

    private static String answer(String id, String text) {
        return "{\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"" + text + "\"}]},\"jsonrpc\":\"2.0\",\"id\":"
                + id + "}";
    }

    @Test
    void echoesTextsAsTheyWereWritten() throws IOException {
        send(call("7", "echo", "\"message\":\"é✓ \\\"quoted\\\" \\\\\""), call("\"a,b\"", "echo", "\"message\":\"\""));

        assertEquals(answer("7", "é✓ \\\"quoted\\\" \\\\"), out.readLine());
        assertEquals(answer("\"a,b\"", ""), out.readLine());
    }

    @Test
    void echoesALongText() throws IOException {
        String text = "0123456789".repeat(30_000);
        send(call("1", "echo", "\"message\":\"" + text + "\""));

        assertEquals(answer("1", text), out.readLine());
    }

    @Test
    void answersTheHandshakeInTheRevisionAskedForAndKeepsSilentOnNotifications() throws IOException {
        send(
                "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\","
                        + "\"capabilities\":{},\"clientInfo\":{\"name\":\"test\",\"version\":\"1\"}}}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"server/discover\"}");

        assertTrue(out.readLine().contains("\"protocolVersion\":\"2025-11-25\""));
        assertEquals("{\"result\":{},\"jsonrpc\":\"2.0\",\"id\":1}", out.readLine());
        assertTrue(out.readLine().contains("-32601"));
    }

    @Test
    void aHeldAnswerIsOvertakenAndComesNoSoonerThanAsked() throws IOException {
        long sent = System.nanoTime();
        send(call("1", "delay", "\"ms\":150,\"message\":\"late\""), call("2", "echo", "\"message\":\"soon\""));

        assertEquals(answer("2", "soon"), out.readLine());
        assertEquals(answer("1", "late"), out.readLine());
        long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sent);
        assertTrue(waited >= 150, "waited " + waited + " ms");
    }

    @Test
    void manyHeldAnswersAllCome() throws IOException {
        List<String> calls = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            calls.add(call(Integer.toString(i), "delay", "\"ms\":" + i % 50 + ",\"message\":\"m\""));
        }
        Thread sender = new Thread(() -> {
            try {
                send(calls.toArray(String[]::new));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        sender.start();

        long distinct = out.lines().limit(5_000).distinct().count();

        assertEquals(5_000, distinct);
    }

    @Test
    void aBlobIsTheMessageAndAsManyBytesMore() throws IOException {
        send(call("1", "blob", "\"bytes\":100000,\"message\":\"start\""));

        String line = out.readLine();

        assertEquals(answer("1", "start").length() + 100_000, line.length());
        assertTrue(line.contains("\"startabcdefghijklm"), "the message, then the fill");
    }

    @Test
    void endsWithItsInput() throws Exception {
        in.close();

        assertTrue(server.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, server.exitValue());
    }
}
