package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.gateway.internal.http.RawClient;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests that two readers could take apart differently. Each is followed on the same connection by a harmless one, which must
 * never be answered: whoever cannot say where a request ends must not guess where the next begins.
 */
class FramingTest {
    private static final GatewayHarness HARNESS = GatewayHarness.open();
    private static final String HOST = "Host: " + HARNESS.host() + "\r\n";
    private static final String CALL = "POST /mcp/one/tools/list HTTP/1.1\r\n" + HOST;
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final String CHUNKED = CALL + JSON + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String BODY = "{\"jsonrpc\":\"2.0\",\"id\":1}";
    private static final String CANARY = "GET /health HTTP/1.1\r\n" + HOST + "\r\n";
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");

    @AfterAll
    static void close() {
        HARNESS.close();
    }

    private static final List<Arguments> ROWS = new ArrayList<>();

    private static void row(String name, int status, String request) {
        ROWS.add(Arguments.of(Named.of(name, request), status));
    }

    private static void header(String name, String header) {
        row(name, 400, CALL + JSON + header + "\r\n\r\n" + BODY);
    }

    private static void line(String name, int status, String line) {
        row(name, status, line + "\r\n" + HOST + "\r\n");
    }

    private static void target(String name, String target) {
        line("target " + name, 400, "GET " + target + " HTTP/1.1");
    }

    private static void chunks(String name, String chunks) {
        row("chunks: " + name, 400, CHUNKED + chunks);
    }

    static Stream<Arguments> hostile() {
        ROWS.clear();
        lengths();
        codings();
        versions();
        requestLines();
        lineEnds();
        headers();
        hosts();
        targets();
        bodies();
        return ROWS.stream();
    }

    private static void lengths() {
        String length = "Content-Length: ";
        header("length and coding", length + "24\r\nTransfer-Encoding: chunked");
        header("coding and length", "Transfer-Encoding: chunked\r\n" + length + "24");
        header("coding and length zero", "Transfer-Encoding: chunked\r\n" + length + "0");
        header("two equal lengths", length + "24\r\n" + length + "24");
        header("two lengths", length + "24\r\n" + length + "0");
        header("two lengths in different cases", length + "24\r\ncontent-LENGTH: 3");
        header("a list of equal lengths", length + "24, 24");
        header("a list of lengths", length + "24,0");
        header("a length with a plus", length + "+24");
        header("a negative length", length + "-1");
        header("a negative zero length", length + "-0");
        header("a hexadecimal length", length + "0x18");
        header("a length with a space inside", length + "2 4");
        header("a length with a letter", length + "24a");
        header("a length with a point", length + "24.0");
        header("an empty length", length);
        header("a blank length", length + "  \t");
        header("a length beyond a long", length + "99999999999999999999");
        header("a length of 19 digits", length + "1000000000000000024");
        header("a length in other digits", length + "\u00b2\u00b4");
        header("a quoted length", length + "\"24\"");
    }

    private static void codings() {
        String coding = "Transfer-Encoding: ";
        header("chunked twice", coding + "chunked, chunked");
        header("chunked, then identity", coding + "chunked, identity");
        header("identity", coding + "identity");
        header("gzip", coding + "gzip");
        header("gzip, then chunked", coding + "gzip, chunked");
        header("chunked with a parameter", coding + "chunked;q=1");
        header("a coding that ends like chunked", coding + "xchunked");
        header("a coding that begins like chunked", coding + "chunkedx");
        header("a quoted coding", coding + "\"chunked\"");
        header("an empty coding", coding);
        header("a list with an empty element", coding + ",chunked");
        header("a list that ends with a comma", coding + "chunked,");
        header("two codings", coding + "chunked\r\n" + coding + "chunked");
        header("a coding and an identity", coding + "identity\r\n" + coding + "chunked");
        header("a vertical tab before chunked", coding + "\u000bchunked");
        header("a form feed after chunked", coding + "chunked\f");
        header("a no-break space before chunked", coding + "\u00a0chunked");
        header("a space before the colon of a coding", "Transfer-Encoding : chunked\r\nContent-Length: 24");
        header("a folded coding", "Transfer-Encoding:\r\n chunked");
        row("a coding on HTTP/1.0", 400, CALL.replace("1.1", "1.0") + JSON + coding + "chunked\r\n\r\n0\r\n\r\n");
    }

    private static void versions() {
        line("HTTP/1.0", 505, "GET /health HTTP/1.0");
        line("HTTP/1.2", 505, "GET /health HTTP/1.2");
        line("HTTP/1.9", 505, "GET /health HTTP/1.9");
        line("HTTP/2.0", 505, "GET /health HTTP/2.0");
        line("HTTP/0.9 with a version", 505, "GET /health HTTP/0.9");
        line("HTTP/0.9", 400, "GET /health");
        line("no number", 400, "GET /health HTTP");
        line("no minor number", 400, "GET /health HTTP/1");
        line("two digits", 400, "GET /health HTTP/1.11");
        line("no point", 400, "GET /health HTTP/11");
        line("lower case", 400, "GET /health http/1.1");
        line("another protocol", 400, "GET /health ICAP/1.1");
        line("a version with a tail", 400, "GET /health HTTP/1.1x");
        row("the HTTP/2 preface", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    }

    private static void requestLines() {
        line("a method in lower case", 400, "get /health HTTP/1.1");
        line("a method in mixed case", 400, "Get /health HTTP/1.1");
        line("a method with a dash", 400, "M-SEARCH /health HTTP/1.1");
        line("a method with a character that is none", 400, "G@T /health HTTP/1.1");
        line("no method", 400, " /health HTTP/1.1");
        line("a tab after the method", 400, "GET\t/health HTTP/1.1");
        line("a tab after the target", 400, "GET /health\tHTTP/1.1");
        line("two spaces after the method", 400, "GET  /health HTTP/1.1");
        line("two spaces after the target", 400, "GET /health  HTTP/1.1");
        line("a space at the end", 400, "GET /health HTTP/1.1 ");
        line("four words", 400, "GET /health HTTP/1.1 HTTP/1.1");
        line("a target with a space", 400, "GET /hea lth HTTP/1.1");
        line("a NUL in the method", 400, "G\0ET /health HTTP/1.1");
        line("a NUL in the target", 400, "GET /hea\0lth HTTP/1.1");
        line("a DEL in the target", 400, "GET /hea\u007flth HTTP/1.1");
        line("a Latin letter in the target", 400, "GET /hea\u00e9lth HTTP/1.1");
        line("a vertical tab in the line", 400, "GET\u000b/health HTTP/1.1");
        line("a byte order mark", 400, "\u00ef\u00bb\u00bfGET /health HTTP/1.1");
        row("an empty line in front", 400, "\r\n" + CANARY);
        row("a line feed in front", 400, "\n" + CANARY);
        row("a space in front", 400, " " + CANARY);
        row("the begin of a TLS session", 400, "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003");
    }

    private static void lineEnds() {
        row("a bare line feed after the request line", 400, "GET /health HTTP/1.1\n" + HOST + "\r\n");
        row("a bare line feed after a header", 400, "GET /health HTTP/1.1\r\nHost: " + HARNESS.host() + "\n\r\n");
        row("bare line feeds throughout", 400, "GET /health HTTP/1.1\nHost: " + HARNESS.host() + "\n\n");
        row("a bare line feed at the end of the head", 400, "GET /health HTTP/1.1\r\n" + HOST + "\n");
        row("a bare carriage return in the request line", 400, "GET /health\rHTTP/1.1\r\n" + HOST + "\r\n");
        row("two carriage returns", 400, "GET /health HTTP/1.1\r\r\n" + HOST + "\r\n");
        row("a carriage return alone", 400, "GET /health HTTP/1.1\r" + HOST + "\r\n");
        header("a bare carriage return in a value", "X: a\rContent-Length: 24");
        header("a bare line feed in a value", "X: a\nContent-Length: 24");
        header("a bare carriage return at the end of a value", "X: a\r\rContent-Length: 24");
    }

    private static void headers() {
        header("a value folded with a space", "X: a\r\n b");
        header("a value folded with a tab", "X: a\r\n\tb");
        header("a blank line that is a fold", "X: a\r\n \r\nContent-Length: 24");
        row("a fold before any header", 400, "GET /health HTTP/1.1\r\n " + HOST + "\r\n");
        header("a space before the colon", "X : a");
        header("a tab before the colon", "X\t: a");
        header("no name", ": a");
        header("no colon", "X");
        header("a name with a space", "X Y: a");
        header("a name with a NUL", "X\0: a");
        header("a name with a Latin letter", "\u00c9: a");
        header("a name with a bracket", "X(: a");
        header("a name with a slash", "X/Y: a");
        header("a name with a quote", "\"X\": a");
        header("a NUL in a value", "X: a\0b");
        header("a bell in a value", "X: a\u0007b");
        header("an escape in a value", "X: \u001b[31m");
        header("a DEL in a value", "X: a\u007f");
        header("a vertical tab in a value", "X: a\u000bb");
        header("a form feed in a value", "X: a\fb");
    }

    private static void hosts() {
        row("no Host", 400, "GET /health HTTP/1.1\r\n\r\n");
        row("two equal Hosts", 400, "GET /health HTTP/1.1\r\n" + HOST + HOST + "\r\n");
        row("two Hosts", 400, "GET /health HTTP/1.1\r\n" + HOST + "Host: evil.example\r\n\r\n");
        row("two Hosts, the first foreign", 400, "GET /health HTTP/1.1\r\nHost: evil.example\r\n" + HOST + "\r\n");
        row("an empty Host", 403, "GET /health HTTP/1.1\r\nHost:\r\n\r\n");
        row("a list of Hosts", 403, "GET /health HTTP/1.1\r\n" + HOST.strip() + ", evil.example\r\n\r\n");
    }

    private static void targets() {
        target("absolute, of this host", "http://" + HARNESS.host() + "/health");
        target("absolute, of another", "http://evil.example/health");
        target("absolute, over TLS", "https://" + HARNESS.host() + "/health");
        target("without a slash", "health");
        target("an asterisk", "*");
        line("OPTIONS of everything", 400, "OPTIONS * HTTP/1.1");
        line("CONNECT", 400, "CONNECT " + HARNESS.host() + " HTTP/1.1");
        target("with a fragment", "/health#x");
        target("with a quote", "/health\"");
        target("with an angle bracket", "/<script>");
        target("with a backslash", "/health\\..\\servers");
        target("with a brace", "/mcp/{server}");
        target("with a caret", "/health^");
        target("with half an escape", "/health%2");
        target("with an empty escape", "/health%");
        target("with an escape that is none", "/health%zz");
        target("with an escaped NUL", "/health%00");
        target("with an escaped line end", "/health%0d%0aX:%20y");
        target("with dots", "/servers/../health");
        target("with one dot", "/./health");
        target("with escaped dots", "/servers/%2e%2e/health");
        target("with half escaped dots", "/servers/.%2E/health");
        target("with an escaped slash", "/servers%2fone");
        target("with an escaped backslash", "/servers%5cone");
        target("with bytes that are not UTF-8", "/servers/%ff");
        target("with an overlong slash", "/servers%c0%afone");
        target("with a query name twice", "/health?a=1&a=2");
        row("a body with GET", 400, "GET /health HTTP/1.1\r\n" + HOST + JSON + "Content-Length: 2\r\n\r\n{}");
        row("a chunked body with GET", 400, CHUNKED.replace("POST /mcp/one/tools/list", "GET /health") + "0\r\n\r\n");
        row("a body with HEAD", 400, "HEAD /health HTTP/1.1\r\n" + HOST + JSON + "Content-Length: 2\r\n\r\n{}");
    }

    private static void bodies() {
        String end = "\r\n0\r\n\r\n";
        chunks("a size that is no number", "g\r\n" + BODY + end);
        chunks("an empty size", "\r\n" + BODY + end);
        chunks("a negative size", "-18\r\n" + BODY + end);
        chunks("a size with a plus", "+18\r\n" + BODY + end);
        chunks("a size with 0x", "0x18\r\n" + BODY + end);
        chunks("a space before the size", " 18\r\n" + BODY + end);
        chunks("a size beyond an int", "80000000\r\n" + BODY + end);
        chunks("a size beyond a long", "FFFFFFFFFFFFFFFFF\r\n" + BODY + end);
        chunks("a size that wraps around", "10000000000000018\r\n" + BODY + end);
        chunks("a bare line feed after the size", "18\n" + BODY + end);
        chunks("a bare line feed in an extension", "18;a\nb\r\n" + BODY + end);
        chunks("a bare carriage return in an extension", "18;a\rb\r\n" + BODY + end);
        chunks("no line end after the data", "18\r\n" + BODY + "0\r\n\r\n");
        chunks("a bare line feed after the data", "18\r\n" + BODY + "\n0\r\n\r\n");
        chunks("more data than announced", "17\r\n" + BODY + end);
        chunks("a trailer", "18\r\n" + BODY + "\r\n0\r\nX: y\r\n\r\n");
        chunks("a Host trailer", "18\r\n" + BODY + "\r\n0\r\n" + HOST + "\r\n");
        chunks("a length trailer", "18\r\n" + BODY + "\r\n0\r\nContent-Length: 5\r\n\r\n");
        chunks("a coding trailer", "18\r\n" + BODY + "\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n");
        chunks("a folded trailer", "18\r\n" + BODY + "\r\n0\r\nX: y\r\n z\r\n\r\n");
        chunks("a trailer without a colon", "18\r\n" + BODY + "\r\n0\r\nX\r\n\r\n");
        chunks("a bare line feed at the end", "18\r\n" + BODY + "\r\n0\r\n\n");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void isRefusedOnceAndNothingBehindItIsRead(String request, int status) {
        try (RawClient client = new RawClient(HARNESS.address)) {
            client.send(request + CANARY);
            String answer = client.rest();

            List<Integer> statuses = new ArrayList<>();
            for (Matcher matcher = STATUS.matcher(answer); matcher.find(); ) {
                statuses.add(Integer.parseInt(matcher.group(1)));
            }
            assertEquals(List.of(status), statuses, answer);
            assertTrue(answer.contains("\r\nconnection: close\r\n"), answer);
            assertTrue(answer.contains("\"error\":{"), answer);
            assertFalse(answer.contains("\"id\""), answer);
            assertEquals(0, HARNESS.hub.dispatched());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void isRefusedAlsoWhenItArrivesByteByByte(String request, int status) {
        try (RawClient client = new RawClient(HARNESS.address)) {
            for (int i = 0; i < request.length() && client.trySend(new byte[] {(byte) request.charAt(i)}); i++) {
                Thread.onSpinWait();
            }
            client.trySend(CANARY.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
            String answer = client.rest();

            assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 " + status), answer);
            assertFalse(answer.contains(" 200 "), answer);
            assertEquals(0, HARNESS.hub.dispatched());
        }
    }

    @Test
    void thereAreEnoughOfThem() {
        assertTrue(hostile().count() >= 120, () -> "only " + ROWS.size());
    }
}
