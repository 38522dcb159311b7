package io.agenthub.fakes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.tck.FakeMcpServer;
import io.agenthub.tck.FakeServerNoise;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fake server without any bridge in front of it: what it really writes. */
class FakeMcpServerTest {
    private @Nullable Process process;
    private @Nullable BufferedReader out;
    private @Nullable Writer in;

    private void start(String... modes) throws IOException {
        process = new ProcessBuilder(FakeMcpServer.command(modes))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        in = process.outputWriter(StandardCharsets.UTF_8);
    }

    @AfterEach
    void kill() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    private void send(String line) throws IOException {
        in.write(line + "\n");
        in.flush();
    }

    private void call(int id, String tool, String arguments) throws IOException {
        send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
                + "\",\"arguments\":" + arguments + ",\"_meta\":{\"progressToken\":\"t\"}}}");
    }

    private String read() throws IOException {
        return assertNotNull(out.readLine());
    }

    private static String assertNotNull(@Nullable String line) {
        org.junit.jupiter.api.Assertions.assertNotNull(line, "the output ended");
        return line;
    }

    private int exitCode() throws InterruptedException {
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "it lives on");
        return process.exitValue();
    }

    @ParameterizedTest
    @CsvSource({
        "2024-11-05, 2024-11-05",
        "2025-03-26, 2025-03-26",
        "2025-06-18, 2025-06-18",
        "2025-11-25, 2025-11-25",
        "1.0, 2025-11-25",
        "2099-01-01, 2025-11-25"
    })
    void itNegotiatesTheRevision(String asked, String agreed) throws IOException {
        start();
        send("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"" + asked
                + "\"}}");
        assertEquals(
                "\"" + agreed + "\"",
                JsonText.of(read()).at("/result/protocolVersion").orElseThrow().toString());
    }

    @Test
    void itAnswersInTheWayItIsAsked() throws IOException {
        start();
        send("{\"jsonrpc\":\"2.0\",\"id\":\"p\",\"method\":\"ping\"}");
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":\"p\",\"result\":{}}", read());
        call(1, "reorder", "{\"of\":2,\"n\":1}");
        call(2, "reorder", "{\"of\":2,\"n\":2}");
        assertTrue(read().startsWith("{\"jsonrpc\":\"2.0\",\"id\":2,"));
        assertTrue(read().startsWith("{\"jsonrpc\":\"2.0\",\"id\":1,"));
        call(3, "progress", "{\"steps\":1,\"after\":1}");
        assertTrue(read().contains("\"progressToken\":\"t\",\"progress\":1"));
        assertTrue(read().contains("\"id\":3"));
        assertTrue(read().contains("\"progress\":2"));
        call(4, "big", "{\"bytes\":300000}");
        assertEquals(300_000, read().length());
        call(5, "wrong-id", "{}");
        assertTrue(read().contains("987654321"));
        assertTrue(read().contains("\"id\":5"));
        send("{\"jsonrpc\":\"2.0\",\"id\":6,\"method\":\"server/discover\"}");
        assertTrue(read().contains("-32601"));
    }

    @Test
    void itListsEveryToolOnceOverItsPages() throws IOException {
        start("pages=4");
        Set<String> names = new HashSet<>();
        String params = "{}";
        int pages = 0;
        while (true) {
            send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":" + params + "}");
            JsonText result = JsonText.of(read()).member("result").orElseThrow();
            result.member("tools")
                    .orElseThrow()
                    .elements()
                    .forEach(tool -> assertTrue(
                            names.add(tool.member("name").orElseThrow().toString())));
            pages++;
            if (result.member("nextCursor").isEmpty()) {
                break;
            }
            params = "{\"cursor\":" + result.member("nextCursor").orElseThrow() + "}";
        }
        assertEquals(4, pages);
        assertTrue(names.contains("\"echo\"") && names.contains("\"spawn-grandchild\""));
    }

    @Test
    void itMakesTheNoiseItDocuments() throws IOException {
        start("noise");
        for (String line : FakeServerNoise.LINES) {
            if (!line.contains("\r")) {
                assertEquals(line, read());
            } else {
                for (String part : line.split("\r", -1)) {
                    if (!part.isEmpty()) {
                        assertEquals(part, read());
                    }
                }
            }
        }
        assertTrue(read().startsWith("bytes "));
    }

    @Test
    void itCountsWhatItReceives() throws IOException {
        start();
        send("not json");
        call(1, "never", "{\"tag\":\"x\"}");
        send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}");
        call(2, "received", "{}");
        assertEquals(
                "{\"frames\":4,\"malformed\":1,\"notifications\":[\"notifications/cancelled\"],"
                        + "\"cancelled\":[{\"id\":1,\"tag\":\"x\"}],\"answers\":[]}",
                JsonText.of(read())
                        .at("/result/structuredContent")
                        .orElseThrow()
                        .toString());
    }

    @Test
    void itEndsWithItsInput() throws Exception {
        start();
        in.close();
        assertEquals(0, exitCode());
    }

    @Test
    void itExitsAsTold() throws Exception {
        start("exit=5");
        assertNull(out.readLine());
        assertEquals(5, exitCode());
        start();
        call(1, "exit", "{\"code\":6,\"first\":\"partial\"}");
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":1", read());
        assertEquals(6, exitCode());
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void itKillsItself() throws Exception {
        start();
        call(1, "halt", "{}");
        assertEquals(128 + 9, exitCode());
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void itIgnoresWhatItShould() throws Exception {
        start("ignore-eof", "ignore-term");
        send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}");
        read();
        process.toHandle().destroy();
        send("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}");
        assertTrue(read().contains("\"id\":2"));
        in.close();
        assertTrue(process.isAlive());
    }

    @Test
    void itClosesItsOutputAndLivesOn() throws Exception {
        start();
        call(1, "close-stdout", "{}");
        assertNull(out.readLine());
        assertTrue(process.isAlive());
    }
}
