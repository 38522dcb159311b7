package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ConfigurationException;
import io.agenthub.core.HubResources;
import io.agenthub.gateway.internal.http.RawClient;
import io.agenthub.gateway.internal.http.RawClient.Reply;
import io.agenthub.tck.Await;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The token, the media type, the coding and the method: what is asked before a request is taken. */
class AccessTest {
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";
    private static final GatewayHarness OPEN = GatewayHarness.open();
    private static final GatewayHarness GUARDED = GatewayHarness.open(config -> config.token(TOKEN));
    private static final String BODY = "{\"jsonrpc\":\"2.0\",\"id\":1}";

    @AfterAll
    static void close() {
        OPEN.close();
        GUARDED.close();
    }

    private static Reply ask(GatewayHarness harness, String line, String body, String... headers) {
        try (RawClient client = new RawClient(harness.address)) {
            String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
            String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
            return client.send(line + " HTTP/1.1\r\nHost: " + harness.host() + "\r\n" + more + length + "\r\n" + body)
                    .reply();
        }
    }

    // ---- The token.

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization:",
                "Authorization: Bearer",
                "Authorization: Bearer ",
                "Authorization: Bearer 0123456789abcdef0123456789abcde",
                "Authorization: Bearer 0123456789abcdef0123456789abcdef0",
                "Authorization: Bearer 0123456789ABCDEF0123456789ABCDEF",
                "Authorization: Bearer x",
                "Authorization: Basic 0123456789abcdef0123456789abcdef",
                "Authorization: 0123456789abcdef0123456789abcdef",
                "Authorization: Bearer0123456789abcdef0123456789abcdef",
                "Authorization: Bearer \"0123456789abcdef0123456789abcdef\"",
                "Authorization: Bearer 0123456789abcdef0123456789abcdef, Bearer x",
                "Authorization: Bearer x\r\nAuthorization: Bearer 0123456789abcdef0123456789abcdef",
                "Authorization: Bearer 0123456789abcdef0123456789abcdef\r\nAuthorization: Bearer "
                        + "0123456789abcdef0123456789abcdef",
                "X-Authorization: Bearer 0123456789abcdef0123456789abcdef",
                "Cookie: token=0123456789abcdef0123456789abcdef",
                "X-Forwarded-User: admin"
            })
    void withoutTheTokenNothingIsToldOrDone(String header) {
        for (String line : List.of(
                "GET /servers",
                "GET /servers/one",
                "GET /health/one",
                "GET /circuit-breakers",
                "POST /servers/one/stop",
                "POST /mcp/one/tools/list",
                "GET /no/such/route",
                "PUT /servers",
                "GET /servers?token=" + TOKEN)) {
            Reply reply = ask(GUARDED, line, "", header);

            assertEquals(401, reply.status(), line);
            assertTrue(reply.header("www-authenticate").startsWith("Bearer"), line);
            assertFalse(reply.body().contains("one"), reply.body());
        }
        assertEquals(0, GUARDED.hub.dispatched());
    }

    @Test
    void withTheTokenEverythingIsAnswered() {
        assertEquals(
                200,
                ask(GUARDED, "GET /servers", "", "Authorization: Bearer " + TOKEN)
                        .status());
        assertEquals(
                200,
                ask(GUARDED, "GET /servers", "", "authorization: bearer " + TOKEN)
                        .status());
        assertEquals(
                404,
                ask(GUARDED, "GET /no/such/route", "", "Authorization: Bearer " + TOKEN)
                        .status());
    }

    /** Where requests go is remembered, and by that nobody gets in, or gets where another one went. */
    @Test
    void whatIsRememberedOfARouteOpensItForNobodyAndMixesUpNothing() {
        String token = "Authorization: Bearer " + TOKEN;
        for (int i = 0; i < 3; i++) {
            assertEquals(200, ask(GUARDED, "GET /servers", "", token).status());
            assertEquals(401, ask(GUARDED, "GET /servers", "").status());
            assertEquals(405, ask(GUARDED, "DELETE /servers", "", token).status());
            // Two names with one hash code.
            for (String name : List.of("Aa", "BB")) {
                Reply reply = ask(GUARDED, "GET /servers/" + name, "", token);
                assertEquals(404, reply.status());
                assertTrue(reply.body().contains("'" + name + "'"), reply.body());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POST /mcp, /mcp",
        "POST /mcp/one, /mcp/one",
        "GET /mcp/nobody, /mcp/nobody",
        "GET /servers/a%20b?x=y, /servers/a%20b",
        "GET /, ''"
    })
    void whoeverIsRefusedLearnsHowToAsk(String line, String resource) {
        String origin = "http://" + GUARDED.host();
        String metadata = origin + "/.well-known/oauth-protected-resource" + resource;
        assertEquals(
                "Bearer resource_metadata=\"" + metadata + "\"",
                ask(GUARDED, line, "").header("www-authenticate"));
        assertEquals(
                "Bearer error=\"invalid_token\", resource_metadata=\"" + metadata + "\"",
                ask(GUARDED, line, "", "Authorization: Bearer x").header("www-authenticate"));

        Reply found = ask(GUARDED, "GET " + metadata.substring(origin.length()), "");
        assertEquals(200, found.status());
        assertEquals(
                "{\"resource\":\"" + origin + resource
                        + "\",\"bearer_methods_supported\":[\"header\"],\"resource_name\":\"AgentHub\"}",
                found.body());
    }

    @Test
    void underTheNameOfAProxyNothingIsSaidOfWhatStandsThere() {
        try (GatewayHarness proxied =
                        GatewayHarness.open(config -> config.token(TOKEN).allowedHosts(List.of("Hub.Example")));
                RawClient client = new RawClient(proxied.address)) {
            client.send("GET /mcp HTTP/1.1\r\nHost: hub.example\r\n\r\n");
            assertEquals("Bearer", client.reply().header("www-authenticate"));
            client.send("GET /.well-known/oauth-protected-resource/mcp HTTP/1.1\r\nHost: hub.example\r\n\r\n");
            assertEquals(404, client.reply().status());
        }
    }

    @Test
    void whatIsOpenHasNoMetadataOfAProtectedResource() {
        Reply reply = ask(OPEN, "GET /.well-known/oauth-protected-resource/mcp", "");
        assertEquals(404, reply.status());
    }

    @Test
    void strangersLearnOnlyWhetherItIsUpAndReady() {
        assertEquals("{\"status\":\"up\"}", ask(GUARDED, "GET /health", "").body());
        assertEquals("{\"ready\":true}", ask(GUARDED, "GET /ready", "").body());
        assertTrue(ask(GUARDED, "GET /health", "", "Authorization: Bearer " + TOKEN)
                .body()
                .contains("\"one\""));
    }

    @Test
    void theTokenDoesNotReachTheServer() {
        try (RawClient client = new RawClient(GUARDED.address)) {
            client.send("POST /mcp/two/ping HTTP/1.1\r\nHost: " + GUARDED.host() + "\r\nAuthorization: Bearer " + TOKEN
                    + "\r\nCookie: a=b\r\n\r\n");
            assertEquals(200, client.reply().status());
        }
        assertFalse(GUARDED.two.sent.poll().toString().contains(TOKEN));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void anAddressThatOthersCanReachNeedsAToken(String host) {
        try (HubResources resources = HubResources.create()) {
            GatewayConfig config = GatewayConfig.builder().host(host).port(0).build();
            Gateway gateway =
                    Gateway.builder(new FakeHub(), resources).config(config).build();

            ConfigurationException refusal = Await.failure(ConfigurationException.class, gateway.start());

            assertEquals("gateway.host", refusal.path());
            assertTrue(refusal.getMessage().contains("gateway.token"), refusal.getMessage());
        }
    }

    @Test
    void onAllAddressesTheOneThatWasReachedIsAHost() {
        try (GatewayHarness everywhere =
                GatewayHarness.open(config -> config.host("0.0.0.0").token(TOKEN))) {
            int port = everywhere.address.getPort();
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            try (RawClient client = new RawClient(address)) {
                client.send("GET /health HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n");
                assertEquals(200, client.reply().status());
                client.send("GET /health HTTP/1.1\r\nHost: 127.0.0.2:" + port + "\r\n\r\n");
                assertEquals(403, client.reply().status());
            }
        }
    }

    @Test
    void furtherHostsAndOriginsAreThoseOfTheConfiguration() {
        try (GatewayHarness named =
                GatewayHarness.open(config -> config.allowedHosts(List.of("Hub.Example", "box:8080"))
                        .allowedOrigins(List.of("https://app.example")))) {
            for (String headers : List.of(
                    "Host: hub.example",
                    "Host: box:8080",
                    "Host: box:8080\r\nOrigin: http://box:8080",
                    "Host: hub.example\r\nOrigin: https://hub.example",
                    "Host: hub.example\r\nOrigin: https://app.example")) {
                try (RawClient client = new RawClient(named.address)) {
                    client.send("GET /health HTTP/1.1\r\n" + headers + "\r\n\r\n");
                    assertEquals(200, client.reply().status(), headers);
                }
            }
            for (String headers : List.of(
                    "Host: box",
                    "Host: box:80",
                    "Host: app.example",
                    "Host: hub.example\r\nOrigin: http://app.example")) {
                try (RawClient client = new RawClient(named.address)) {
                    client.send("GET /health HTTP/1.1\r\n" + headers + "\r\n\r\n");
                    assertEquals(403, client.reply().status(), headers);
                }
            }
        }
    }

    // ---- The media type and the coding.

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X: none",
                "Content-Type:",
                "Content-Type: text/plain",
                "Content-Type: text/json",
                "Content-Type: application/x-www-form-urlencoded",
                "Content-Type: multipart/form-data; boundary=x",
                "Content-Type: application/json-rpc",
                "Content-Type: application/jsonx",
                "Content-Type: xapplication/json",
                "Content-Type: application/json;x",
                "Content-Type: application/json; charset=utf-16",
                "Content-Type: application/json; charset=latin1",
                "Content-Type: application/json; charset=utf-8; x=y",
                "Content-Type: application/json, text/plain",
                "Content-Type: application/json\r\nContent-Type: text/plain",
                "Content-Type: application/json\r\nContent-Type: application/json",
                "Content-Type: text/event-stream",
                "Content-Type: */*",
                "Content-Type: application/json\r\nContent-Encoding: gzip",
                "Content-Type: application/json\r\nContent-Encoding: br",
                "Content-Type: application/json\r\nContent-Encoding: zstd",
                "Content-Type: application/json\r\nContent-Encoding: deflate",
                "Content-Type: application/json\r\nContent-Encoding: identity, gzip",
                "Content-Type: application/json\r\nContent-Encoding: x",
                "Content-Type: application/json\r\nContent-Encoding:"
            })
    void anythingButPlainJsonIsAnsweredWith415(String headers) {
        int before = OPEN.hub.dispatched();
        Reply reply = ask(OPEN, "POST /mcp/one/tools/list", BODY, headers);

        assertEquals(415, reply.status(), headers);
        assertTrue(reply.body().startsWith("{\"jsonrpc\":\"2.0\",\"error\":{"), reply.body());
        assertEquals(before, OPEN.hub.dispatched());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: application/json",
                "content-type: APPLICATION/JSON",
                "Content-Type: application/json; charset=utf-8",
                "Content-Type: application/json;charset=UTF-8",
                "Content-Type: application/json ; charset=\"utf-8\"",
                "Content-Type: application/json\r\nContent-Encoding: identity"
            })
    void plainJsonIsTaken(String headers) {
        assertEquals(200, ask(OPEN, "POST /mcp/two/tools/list", BODY, headers).status(), headers);
    }

    @Test
    void aFormCannotStopAServerEither() {
        assertEquals(
                415,
                ask(OPEN, "POST /servers/one/stop", "", "Content-Type: application/x-www-form-urlencoded")
                        .status());
        assertEquals(
                415,
                ask(OPEN, "POST /servers/one/stop", "a=b", "Content-Type: text/plain")
                        .status());
        assertEquals(io.agenthub.api.server.ServerState.RUNNING, OPEN.one.state);
    }

    @Test
    void onlyOneExpectationIsKnown() {
        assertEquals(
                417,
                ask(OPEN, "POST /mcp/one/ping", BODY, "Content-Type: application/json", "Expect: 200-maybe")
                        .status());
    }

    @Test
    void anOfferToUpgradeIsPassedOver() {
        Reply reply = ask(
                OPEN,
                "GET /ready",
                "",
                "Connection: Upgrade, HTTP2-Settings",
                "Upgrade: h2c",
                "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA");
        assertEquals(200, reply.status());
        Reply socket = ask(OPEN, "GET /ready", "", "Connection: Upgrade", "Upgrade: websocket");
        assertEquals(200, socket.status());
    }

    // ---- The method.

    @ParameterizedTest
    @CsvSource({
        "GET,    /mcp/one/tools/list,      POST",
        "PUT,    /mcp/one/tools/list,      POST",
        "DELETE, /servers,                 'GET, HEAD'",
        "POST,   /health,                  'GET, HEAD'",
        "POST,   /servers/one,             'GET, HEAD'",
        "GET,    /servers/one/start,       POST",
        "PATCH,  /circuit-breakers,        'GET, HEAD'",
        "GET,    /circuit-breakers/one/reset, POST",
        "TRACE,  /health,                  'GET, HEAD'",
        "FOO,    /health,                  'GET, HEAD'",
        "POST,   /servers/install,         'GET, HEAD'"
    })
    void aMethodThatARouteDoesNotHaveIsAnsweredWith405(String method, String path, String allow) {
        Reply reply = ask(OPEN, method + " " + path, "");

        assertEquals(405, reply.status());
        assertEquals(allow, reply.header("allow"));
        assertTrue(reply.body().contains("\"kind\":\"BAD_REQUEST\""), reply.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/nope",
                "/health/",
                "//health",
                "/servers/one/",
                "/servers//start",
                "/Health",
                "/mcp/one/",
                "/servers/one/kill",
                "/health/one/two",
                "/mcp//tools/list"
            })
    void aPathThatIsNoRouteIsAnsweredWith404(String path) {
        Reply reply = ask(OPEN, "POST " + path, "");

        assertEquals(404, reply.status(), reply.body());
        assertEquals("application/json", reply.header("content-type"));
    }

    @Test
    void noAnswerNamesTheSoftwareOrAllowsSniffing() {
        for (String line : List.of("GET /health", "GET /nope", "POST /mcp/one/ping")) {
            Reply reply = ask(OPEN, line, "");

            assertEquals("", reply.header("server"));
            assertEquals("", reply.header("x-powered-by"));
            assertEquals("nosniff", reply.header("x-content-type-options"));
            assertEquals("no-store", reply.header("cache-control"));
            assertFalse(reply.header("date").isEmpty());
        }
    }
}
