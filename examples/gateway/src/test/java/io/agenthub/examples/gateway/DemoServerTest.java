package io.agenthub.examples.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.tck.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo server over a pair of pipes. */
class DemoServerTest {
    private final PipedOutputStream input = new PipedOutputStream();
    private BufferedReader output;
    private Thread server;

    @BeforeEach
    void start() throws IOException {
        PipedInputStream in = new PipedInputStream(input, 1 << 16);
        PipedOutputStream out = new PipedOutputStream();
        output = new BufferedReader(new InputStreamReader(new PipedInputStream(out, 1 << 16), StandardCharsets.UTF_8));
        server = new Thread(() -> {
            try {
                new DemoServer(in, out).run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        server.setDaemon(true);
        server.start();
    }

    @AfterEach
    void itEndsWithItsInput() throws IOException {
        input.close();
        Await.until("the server has ended", () -> !server.isAlive());
    }

    private void send(String line) throws IOException {
        input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        input.flush();
    }

    private JsonText ask(String line) throws IOException {
        send(line);
        return JsonText.of(output.readLine());
    }

    private JsonText call(String tool, String arguments) throws IOException {
        return ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
                + "\",\"arguments\":" + arguments + "}}");
    }

    private static String at(JsonText json, String pointer) {
        return json.at(pointer).flatMap(JsonText::string).orElseThrow(() -> new AssertionError(json));
    }

    @ParameterizedTest
    @CsvSource({
        "2025-11-25, 2025-11-25",
        "2025-06-18, 2025-06-18",
        "2024-11-05, 2024-11-05",
        "1999-01-01, 2025-11-25",
        "2026-07-28, 2025-11-25"
    })
    void itShakesHandsInTheVersionAskedForOrItsLatest(String asked, String agreed) throws IOException {
        JsonText reply =
                ask("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"" + asked
                        + "\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}");
        send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");

        assertEquals(agreed, at(reply, "/result/protocolVersion"));
        assertEquals("agenthub-demo", at(reply, "/result/serverInfo/name"));
        assertTrue(reply.at("/result/capabilities/tools").isPresent());
        assertEquals(
                "{\"jsonrpc\":\"2.0\",\"id\":\"p\",\"result\":{}}",
                ask("{\"jsonrpc\":\"2.0\",\"id\":\"p\",\"method\":\"ping\"}").toString());
    }

    @Test
    void everyToolSaysWhatItTakes() throws IOException {
        List<JsonText> tools = ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}")
                .at("/result/tools")
                .orElseThrow()
                .elements();

        assertEquals(
                List.of("echo", "add", "time", "delay"),
                tools.stream().map(tool -> at(tool, "/name")).toList());
        for (JsonText tool : tools) {
            assertFalse(at(tool, "/description").isEmpty());
            assertEquals("object", at(tool, "/inputSchema/type"));
            for (JsonText required :
                    tool.at("/inputSchema/required").orElseThrow().elements()) {
                String property = required.string().orElseThrow();
                assertFalse(at(tool, "/inputSchema/properties/" + property + "/type")
                        .isEmpty());
            }
        }
    }

    @Test
    void echoSaysItBack() throws IOException {
        assertEquals(
                "Grüße \u2028 🌍\n\"",
                at(call("echo", "{\"message\":\"Grüße \u2028 🌍\\n\\\"\"}"), "/result/content/0/text"));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 2, 3",
        "0.1, 0.2, 0.3",
        "-5, 5, 0",
        "9007199254740993, 1, 9007199254740994",
        "123456789012345678901234567890, 1, 123456789012345678901234567891",
        "1e3, 1, 1001"
    })
    void addIsExact(String a, String b, String sum) throws IOException {
        assertEquals(sum, at(call("add", "{\"a\":" + a + ",\"b\":" + b + "}"), "/result/content/0/text"));
    }

    @Test
    void timeIsTheTime() throws IOException {
        OffsetDateTime before = OffsetDateTime.now(java.time.ZoneOffset.UTC);
        OffsetDateTime told =
                OffsetDateTime.parse(at(call("time", "{\"zone\":\"Asia/Tokyo\"}"), "/result/content/0/text"));

        assertFalse(told.isBefore(before.minusSeconds(1)));
        assertEquals(9 * 3_600, told.getOffset().getTotalSeconds());
        assertTrue(at(call("time", "{}"), "/result/content/0/text").endsWith("Z"));
    }

    @Test
    void othersAreAnsweredWhileOneIsDelayed() throws IOException {
        send(
                "{\"jsonrpc\":\"2.0\",\"id\":\"slow\",\"method\":\"tools/call\",\"params\":{\"name\":\"delay\",\"arguments\":{\"milliseconds\":100}}}");

        assertEquals(
                "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}",
                ask("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}").toString());
        JsonText slow = JsonText.of(output.readLine());
        assertEquals("slow", at(slow, "/id"));
        assertEquals("Waited 100 ms", at(slow, "/result/content/0/text"));
    }

    @Test
    void aDelayThatIsCancelledIsNotAnswered() throws IOException {
        send(
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"delay\",\"arguments\":{\"milliseconds\":200}}}");
        send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":7}}");
        send(
                "{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":\"tools/call\",\"params\":{\"name\":\"delay\",\"arguments\":{\"milliseconds\":300}}}");

        assertTrue(output.readLine().startsWith("{\"jsonrpc\":\"2.0\",\"id\":8,"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "echo | {}",
                "echo | {\"message\":7}",
                "add | {\"a\":1}",
                "add | {\"a\":\"1\",\"b\":2}",
                "add | {\"a\":1e999999999,\"b\":2}",
                "time | {\"zone\":\"Nowhere/Land\"}",
                "delay | {}",
                "delay | {\"milliseconds\":-1}",
                "delay | {\"milliseconds\":1.5}",
                "delay | {\"milliseconds\":99999999999999999999}"
            })
    void wrongArgumentsAreAnErrorOfTheTool(String tool, String arguments) throws IOException {
        JsonText reply = call(tool, arguments);

        assertEquals("true", reply.at("/result/isError").orElseThrow().toString());
        assertFalse(at(reply, "/result/content/0/text").isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"nope\"}} | -32602",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"nope\"} | -32601",
                "{\"jsonrpc\":\"2.0\",\"id\":1 | -32700",
                "[] | -32600"
            })
    void whatItDoesNotKnowIsAnErrorOfTheProtocol(String row) throws IOException {
        String[] parts = row.split(" \\| ", -1);

        assertEquals(parts[1], ask(parts[0]).at("/error/code").orElseThrow().toString());
        assertEquals(
                "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}",
                ask("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}").toString());
    }
}
