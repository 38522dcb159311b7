package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.server.ServerState;
import io.agenthub.api.server.ToolFinding;
import io.agenthub.gateway.internal.http.RawClient;
import io.agenthub.gateway.internal.http.RawClient.Reply;
import io.agenthub.tck.ManualScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is, and the buttons to press. */
class StatusRoutesTest {
    private final ManualScheduler time = new ManualScheduler();
    private final GatewayHarness harness = GatewayHarness.open(config -> config, time);

    @AfterEach
    void close() {
        harness.close();
    }

    private Reply get(String path) {
        return harness.client().get(path).reply();
    }

    private Reply post(String path) {
        RawClient client = harness.client();
        return client.send("POST " + path + " HTTP/1.1\r\nHost: " + harness.host() + "\r\n\r\n")
                .reply();
    }

    private static String at(Reply reply, String pointer) {
        return JsonText.of(reply.body()).at(pointer).map(JsonText::toString).orElse("absent");
    }

    @Test
    void healthIsUpWhileEveryServerCanBeReached() {
        harness.two.state = ServerState.STOPPED;
        Reply reply = get("/health");

        assertEquals(200, reply.status());
        assertEquals(
                "{\"status\":\"up\",\"hub\":\"STARTED\",\"servers\":{\"one\":\"RUNNING\",\"two\":\"STOPPED\"},\"degraded\":[]}",
                reply.body());
    }

    @ParameterizedTest
    @CsvSource({"FAILED, CLOSED", "BACKING_OFF, CLOSED", "RUNNING, OPEN"})
    void healthNamesTheServersThatCannotBeReached(ServerState state, BreakerState breaker) {
        harness.two.state = state;
        harness.two.breakerState = breaker;
        harness.two.lastError = Optional.of("it does not start");
        Reply reply = get("/health");

        assertEquals(200, reply.status());
        assertEquals("\"degraded\"", at(reply, "/status"));
        assertEquals("\"two\"", at(reply, "/degraded/0/server"));
        assertEquals("\"" + state + "\"", at(reply, "/degraded/0/state"));
        assertEquals("\"it does not start\"", at(reply, "/degraded/0/lastError"));
        assertEquals("absent", at(reply, "/degraded/1"));

        assertEquals(503, get("/health/two").status());
        assertEquals("\"down\"", at(get("/health/two"), "/status"));
        assertEquals(200, get("/health/one").status());
        assertEquals("\"up\"", at(get("/health/one"), "/status"));
    }

    @Test
    void aServerThatMisbehavesIsDegradedButReachable() {
        harness.two.warnings = List.of("It talks too much");

        assertEquals("\"degraded\"", at(get("/health"), "/status"));
        assertEquals("\"two\"", at(get("/health"), "/degraded/0/server"));
        assertEquals(200, get("/health/two").status());
        assertEquals("\"degraded\"", at(get("/health/two"), "/status"));
        assertEquals("\"It talks too much\"", at(get("/servers/two"), "/warnings/0"));
    }

    @Test
    void aServerIsShownWithAllThatIsKnown() {
        time.advance(Duration.ofSeconds(90));
        Reply reply = get("/servers/one");

        assertEquals(200, reply.status());
        assertEquals("\"one\"", at(reply, "/name"));
        assertEquals("\"RUNNING\"", at(reply, "/state"));
        assertEquals("\"" + FakeServer.STARTED_AT + "\"", at(reply, "/since"));
        assertEquals("90000", at(reply, "/uptimeMs"));
        assertEquals("0", at(reply, "/restarts"));
        assertEquals("42", at(reply, "/pid"));
        assertEquals("0", at(reply, "/inFlight"));
        assertEquals("\"2025-11-25\"", at(reply, "/protocolVersion"));
        assertEquals("\"fake\"", at(reply, "/serverInfo/name"));
        assertEquals("\"CLOSED\"", at(reply, "/breaker/state"));
        assertEquals("absent", at(reply, "/lastExit"));
    }

    @Test
    void howAServerEndedIsShownAndItsLastWordsOnlyWhenAskedForItAlone() {
        harness.one.state = ServerState.BACKING_OFF;
        harness.one.lastExit = Optional.of(BridgeExit.ofProcess(BridgeExit.Cause.EXITED, 3, "no such module"));
        Reply alone = get("/servers/one");

        assertEquals("\"EXITED\"", at(alone, "/lastExit/cause"));
        assertEquals("3", at(alone, "/lastExit/code"));
        assertEquals("\"exited with code 3\"", at(alone, "/lastExit/detail"));
        assertEquals("\"no such module\"", at(alone, "/lastExit/stderrTail"));
        assertEquals("250", at(alone, "/retryInMs"));
        assertEquals("absent", at(alone, "/pid"));
        assertEquals("absent", at(alone, "/uptimeMs"));
        assertFalse(get("/servers").body().contains("no such module"));
    }

    @Test
    void allServersAreListedInOrder() {
        Reply reply = get("/servers");

        assertEquals("\"one\"", at(reply, "/servers/0/name"));
        assertEquals("\"two\"", at(reply, "/servers/1/name"));
        assertEquals("absent", at(reply, "/servers/2"));
    }

    @Test
    void whatWasFoundAboutToolsIsShownUntilItIsAcknowledged() {
        harness.one.findings =
                List.of(new ToolFinding("add", ToolFinding.Kind.CHANGED, Instant.parse("2026-01-02T03:04:05Z")));
        String finding = "{\"tool\":\"add\",\"finding\":\"CHANGED\",\"since\":\"2026-01-02T03:04:05Z\"}";
        assertEquals(finding, at(get("/servers/one"), "/toolFindings/0"));
        assertEquals(finding, at(get("/servers"), "/servers/0/toolFindings/0"));

        Reply reply = post("/servers/one/tools/acknowledge");
        assertEquals(200, reply.status());
        assertEquals("absent", at(reply, "/toolFindings"));
        assertEquals("absent", at(get("/servers/one"), "/toolFindings"));
    }

    @Test
    void aServerIsStoppedStartedAndRestarted() {
        Reply stopped = post("/servers/one/stop");
        assertEquals(200, stopped.status());
        assertEquals("\"STOPPED\"", at(stopped, "/state"));
        assertEquals(ServerState.STOPPED, harness.one.state);

        assertEquals("\"RUNNING\"", at(post("/servers/one/start"), "/state"));
        assertEquals("\"RUNNING\"", at(post("/servers/one/restart"), "/state"));
        assertEquals(ServerState.RUNNING, harness.one.state);
    }

    @Test
    void aBodyThatIsEmptyJsonIsFineToo() {
        assertEquals(
                200, harness.client().post("/servers/one/stop", "{}").reply().status());
    }

    @Test
    void breakersAreListedAndReset() {
        harness.two.breakerState = BreakerState.OPEN;
        Reply list = get("/circuit-breakers");
        assertEquals("\"one\"", at(list, "/breakers/0/name"));
        assertEquals("\"CLOSED\"", at(list, "/breakers/0/state"));
        assertEquals("\"OPEN\"", at(list, "/breakers/1/state"));

        Reply reset = post("/circuit-breakers/two/reset");

        assertEquals(200, reset.status());
        assertEquals("\"CLOSED\"", at(reset, "/state"));
        assertEquals(1, harness.two.resets.get());
    }

    @Test
    void aServerThatIsNotThereIsNotFoundAnywhere() {
        for (Reply reply : List.of(
                get("/servers/nobody"),
                get("/health/nobody"),
                post("/servers/nobody/start"),
                post("/servers/nobody/stop"),
                post("/servers/nobody/restart"),
                post("/circuit-breakers/nobody/reset"),
                get("/servers/%3Cscript%3E"),
                get("/servers/" + "x".repeat(2_000)))) {
            assertEquals(404, reply.status(), reply.body());
            assertTrue(reply.body().startsWith("{\"error\":{\"kind\":\"UNKNOWN_SERVER\","), reply.body());
        }
    }
}
