package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.gateway.internal.http.RawClient;
import io.agenthub.gateway.internal.http.RawClient.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A web page must not drive the gateway: not from a foreign origin, and not by a name that was bound to this machine. */
class HostAndOriginTest {
    private static final GatewayHarness HARNESS = GatewayHarness.open();
    private static final int PORT = HARNESS.address.getPort();

    private static final List<String> ROUTES = List.of(
            "POST /mcp/one/tools/list",
            "POST /mcp/nobody/tools/list",
            "POST /mcp/one",
            "POST /mcp",
            "GET /mcp/one",
            "DELETE /mcp/one",
            "GET /health",
            "GET /health/one",
            "GET /ready",
            "HEAD /ready",
            "GET /servers",
            "GET /servers/one",
            "POST /servers/one/start",
            "POST /servers/one/stop",
            "POST /servers/one/restart",
            "GET /circuit-breakers",
            "POST /circuit-breakers/one/reset",
            "OPTIONS /mcp/one/tools/list",
            "OPTIONS /servers/one/stop",
            "GET /",
            "GET /no/such/route");

    @AfterAll
    static void close() {
        HARNESS.close();
    }

    @BeforeEach
    void forget() {
        HARNESS.one.state = io.agenthub.api.server.ServerState.RUNNING;
    }

    private static List<String> goodHosts() {
        return List.of("127.0.0.1:" + PORT, "localhost:" + PORT, "LocalHost:" + PORT, "[::1]:" + PORT);
    }

    private static List<String> badHosts() {
        return List.of(
                "evil.example",
                "evil.example:" + PORT,
                "127.0.0.1.nip.io:" + PORT,
                "localhost.evil:" + PORT,
                "localhost.:" + PORT,
                "evil.localhost:" + PORT,
                "user@127.0.0.1:" + PORT,
                "127.0.0.1:" + PORT + "@evil.example",
                "127.0.0.1",
                "localhost",
                "127.0.0.1:1",
                "127.0.0.1:0" + PORT,
                "127.0.0.2:" + PORT,
                "127.1:" + PORT,
                "2130706433:" + PORT,
                "0x7f.0.0.1:" + PORT,
                "0.0.0.0:" + PORT,
                "[::]:" + PORT,
                "[::ffff:127.0.0.1]:" + PORT,
                "::1:" + PORT,
                "192.168.0.1:" + PORT,
                "127.0.0.1:" + PORT + "/",
                "127.0.0.1:" + PORT + ", evil.example");
    }

    private static List<String> goodOrigins() {
        return List.of("http://127.0.0.1:" + PORT, "http://localhost:" + PORT, "http://[::1]:" + PORT);
    }

    private static List<String> badOrigins() {
        return List.of(
                "null",
                "http://evil.example",
                "http://evil.example:" + PORT,
                "https://127.0.0.1:" + PORT,
                "http://127.0.0.1",
                "http://localhost",
                "http://localhost:1",
                "http://localhost:" + PORT + ".evil.example",
                "http://localhost.evil:" + PORT,
                "http://127.0.0.1.nip.io:" + PORT,
                "http://user@127.0.0.1:" + PORT,
                "http://127.0.0.1:" + PORT + "/",
                "http://127.0.0.1:" + PORT + " http://evil.example",
                "http://127.0.0.1:" + PORT + ",http://evil.example",
                "127.0.0.1:" + PORT,
                "//127.0.0.1:" + PORT,
                "file://",
                "chrome-extension://abcdefghijklmnop",
                "ws://127.0.0.1:" + PORT,
                "",
                "*");
    }

    /** Headers that make a request a stranger's. */
    static Stream<Arguments> strangers() {
        List<Arguments> rows = new ArrayList<>();
        for (String host : badHosts()) {
            rows.add(Arguments.of(host, List.of("Host: " + host)));
            rows.add(Arguments.of(
                    host + " from here",
                    List.of("Host: " + host, "Origin: " + goodOrigins().get(0))));
        }
        for (String origin : badOrigins()) {
            rows.add(Arguments.of(
                    "origin " + origin, List.of("Host: " + goodHosts().get(0), "Origin: " + origin)));
            rows.add(Arguments.of(
                    "origin " + origin + " twice over",
                    List.of(
                            "Host: " + goodHosts().get(1),
                            "Origin: " + goodOrigins().get(1),
                            "Origin: " + origin)));
        }
        for (String origin : goodOrigins()) {
            String line = "Origin: " + origin;
            rows.add(Arguments.of("two origins", List.of("Host: " + goodHosts().get(0), line, line)));
        }
        return rows.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("strangers")
    void aStrangerIsTurnedAwayOnEveryRoute(String name, List<String> headers) {
        for (String route : ROUTES) {
            Reply reply = ask(route, headers);

            assertEquals(403, reply.status(), route);
            assertEquals("application/json", reply.header("content-type"), route);
            assertTrue(reply.body().contains("\"kind\":\"FORBIDDEN\""), reply.body());
            assertFalse(reply.body().contains("\"id\""), reply.body());
            assertFalse(reply.headers().keySet().stream().anyMatch(h -> h.startsWith("access-control")), route);
        }
        assertEquals(0, HARNESS.hub.dispatched());
        assertEquals(0, HARNESS.one.resets.get());
        assertEquals(io.agenthub.api.server.ServerState.RUNNING, HARNESS.one.state);
    }

    static Stream<Arguments> friends() {
        List<Arguments> rows = new ArrayList<>();
        for (String host : goodHosts()) {
            rows.add(Arguments.of(host, List.of("Host: " + host)));
            for (String origin : goodOrigins()) {
                rows.add(Arguments.of(host + " " + origin, List.of("Host: " + host, "Origin: " + origin)));
                rows.add(Arguments.of(
                        host + " " + origin + " in capitals",
                        List.of("HOST: " + host, "ORIGIN: " + origin.toUpperCase(Locale.ROOT))));
            }
        }
        return rows.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("friends")
    void aPageOfOurOwnIsNotTurnedAwayAnywhere(String name, List<String> headers) {
        for (String route : List.of("GET /health", "GET /servers", "OPTIONS /health", "GET /no/such/route")) {
            assertNotEquals(403, ask(route, headers).status(), route);
        }
        assertEquals(200, ask("GET /health", headers).status());
    }

    @Test
    void thereAreEnoughOfThem() {
        assertTrue(strangers().count() >= 80);
    }

    @Test
    void aPreflightIsNotAnsweredWithPermission() {
        Reply reply = ask(
                "OPTIONS /mcp/one/tools/call",
                List.of(
                        "Host: " + goodHosts().get(0),
                        "Origin: " + goodOrigins().get(0),
                        "Access-Control-Request-Method: POST",
                        "Access-Control-Request-Headers: content-type"));

        assertEquals(405, reply.status());
        assertEquals("POST", reply.header("allow"));
        assertFalse(reply.headers().keySet().stream().anyMatch(h -> h.startsWith("access-control")));
    }

    @Test
    void headersThatClaimAnotherAddressChangeNothing() {
        List<String> claims = List.of(
                "Host: evil.example",
                "X-Forwarded-Host: 127.0.0.1:" + PORT,
                "X-Forwarded-For: 127.0.0.1",
                "Forwarded: host=\"127.0.0.1:" + PORT + "\"",
                "X-Client-ID: admin",
                "X-Client-Name: admin");

        assertEquals(403, ask("GET /servers", claims).status());
    }

    private static Reply ask(String route, List<String> headers) {
        try (RawClient client = new RawClient(HARNESS.address)) {
            return client.send(route + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\n\r\n")
                    .reply();
        }
    }
}
