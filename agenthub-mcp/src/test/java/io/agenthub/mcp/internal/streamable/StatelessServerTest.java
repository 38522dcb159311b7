package io.agenthub.mcp.internal.streamable;

import static io.agenthub.tck.StageContract.assertFailsUnwrapped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ErrorKind;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.ConnectException;
import io.agenthub.api.bridge.ConnectRequest;
import io.agenthub.api.bridge.ProtocolViolationException;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.mcp.internal.streamable.FakeHttp.Request;
import io.agenthub.tck.Await;
import io.agenthub.tck.ManualScheduler;
import io.agenthub.tck.RecordingCallContext;
import io.agenthub.tck.TckContext;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bridges to servers of the revision 2026-07-28 over HTTP. */
class StatelessServerTest extends StreamableFixture {
    private static final String TOOLS = "{\"resultType\":\"complete\",\"tools\":["
            + "{\"name\":\"t\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"region\":{\"type\":\"string\","
            + "\"x-mcp-header\":\"Region\"},\"n\":{\"type\":\"integer\",\"x-mcp-header\":\"N\"},\"deep\":{\"type\":"
            + "\"object\",\"properties\":{\"flag\":{\"type\":\"boolean\",\"x-mcp-header\":\"Flag\"}}}}}},"
            + "{\"name\":\"bad\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"x\":{\"type\":\"number\","
            + "\"x-mcp-header\":\"X\"}}}},"
            + "{\"name\":\"worse\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"x\":{\"type\":\"array\",\"items\":"
            + "{\"type\":\"string\",\"x-mcp-header\":\"X\"}}}}}]}";

    private FakeHttp stateless(FakeHttp.Handler calls) throws IOException {
        return stateless(TOOLS, calls);
    }

    private FakeHttp stateless(String tools, FakeHttp.Handler calls) throws IOException {
        return stateless((request, answer) -> answer.json(200, result(request, tools)), calls);
    }

    private FakeHttp stateless(FakeHttp.Handler lists, FakeHttp.Handler calls) throws IOException {
        return keep(new FakeHttp((request, answer) -> {
            switch (request.rpcMethod()) {
                case "server/discover" ->
                    answer.json(
                            200,
                            result(
                                    request,
                                    "{\"resultType\":\"complete\",\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":"
                                            + "{\"tools\":{}},\"_meta\":{\"io.modelcontextprotocol/serverInfo\":"
                                            + "{\"name\":\"new\",\"version\":\"2\"}}}"));
                case "tools/list" -> lists.handle(request, answer);
                default -> calls.handle(request, answer);
            }
        }));
    }

    private static CompletionStage<RpcOutcome> call(Bridge bridge, String params) {
        return bridge.request("tools/call", JsonText.of(params), new RecordingCallContext());
    }

    @Test
    void aRequestRepeatsInItsHeadersWhatThoseOnTheWayMayWantToSee() throws IOException {
        FakeHttp http = stateless(
                (request, answer) -> answer.json(200, result(request, "{\"resultType\":\"complete\",\"ok\":1}")));
        Bridge bridge = open(http);
        assertEquals("2026-07-28", bridge.info().protocolVersion());
        assertEquals("new", bridge.info().name());
        Await.value(
                call(
                        bridge,
                        "{\"name\":\"t\",\"arguments\":{\"region\":\"Zürich\",\"n\":4.2e1,\"deep\":{\"flag\":true},\"more\":1}}"));
        Request sent = http.requests("tools/call").get(0);
        assertEquals("2026-07-28", sent.header("mcp-protocol-version"));
        assertEquals("tools/call", sent.header("mcp-method"));
        assertEquals("t", sent.header("mcp-name"));
        assertEquals("=?base64?WsO8cmljaA==?=", sent.header("mcp-param-region"));
        assertEquals("42", sent.header("mcp-param-n"));
        assertEquals("true", sent.header("mcp-param-flag"));
        assertEquals("", sent.header("mcp-session-id"));
        assertEquals(
                "2026-07-28",
                sent.json()
                        .member("params")
                        .flatMap(params -> params.member("_meta"))
                        .flatMap(meta -> meta.member("io.modelcontextprotocol/protocolVersion"))
                        .flatMap(JsonText::string)
                        .orElse(""));
        assertEquals(1, http.requests("tools/list").size());
        Await.value(call(bridge, "{\"name\":\"t\",\"arguments\":{\"region\":null}}"));
        assertEquals("", http.requests("tools/call").get(1).header("mcp-param-region"));
        assertEquals(1, http.requests("tools/list").size(), "the list is remembered");
    }

    @Test
    void aToolWhoseHeadersAreDefinedWronglyIsLeftOutOfTheList() throws IOException {
        Bridge bridge = open(stateless((request, answer) -> answer.status(500)));
        JsonText list = Await.value(bridge.request("tools/list", null, new RecordingCallContext()))
                .orThrow();
        assertEquals(1, list.member("tools").orElseThrow().elements().size());
        assertEquals("\"t\"", list.at("/tools/0/name").orElseThrow().toString());
    }

    @Test
    void aCallRefusedForItsHeadersIsSentOnceMoreAfterALookAtTheList() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        FakeHttp http = stateless((request, answer) -> {
            if (calls.incrementAndGet() == 1) {
                answer.json(400, error(request.id(), -32020, "Header mismatch"));
            } else {
                answer.json(200, result(request, "{\"resultType\":\"complete\"}"));
            }
        });
        Bridge bridge = open(http);
        assertEquals("{\"resultType\":\"complete\"}", value(call(bridge, "{\"name\":\"t\",\"arguments\":{}}")));
        assertEquals(2, http.requests("tools/call").size());
        assertEquals(2, http.requests("tools/list").size());
    }

    /** Answers calls that have their header, and refuses the others as the revision says. */
    private static void strict(Request request, FakeHttp.Answer answer) {
        if (request.rpcMethod().equals("tools/call")
                && request.header("mcp-param-n").isEmpty()) {
            answer.json(400, error(request.id(), -32020, "Header mismatch"));
        } else {
            answer.json(200, result(request, "{\"ok\":1}"));
        }
    }

    private static String withN(String number) {
        return "{\"name\":\"t\",\"arguments\":{\"n\":" + number + "}}";
    }

    @Test
    void aToolIsLookedUpThoughTheCallThatNeedsItTakesTheLastPlace() throws IOException {
        Bridge bridge = open(spec(stateless(StatelessServerTest::strict).url()).limits(ONE_AT_A_TIME));

        assertEquals("{\"ok\":1}", value(call(bridge, withN("1"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e99999999999", "1e2147483648", "-1E-99999999999"})
    void aNumberBeyondAllIntegersIsRepeatedAsItStandsThere(String number) throws IOException {
        FakeHttp http = stateless(StatelessServerTest::strict);

        assertEquals("{\"ok\":1}", value(call(open(http), withN(number))));
        assertEquals(number, http.requests("tools/call").get(0).header("mcp-param-n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"t\",\"arguments\":{\"n\":1,\"n\":2}}",
                "{\"name\":\"t\",\"name\":\"u\",\"arguments\":{}}",
                "{\"name\":\"t\",\"arguments\":{},\"arguments\":{\"n\":2}}"
            })
    void aCallThatSaysSomethingTwiceFailsAndNoOther(String twice) throws IOException {
        AtomicReference<FakeHttp.Answer> held = new AtomicReference<>();
        FakeHttp http = stateless((request, answer) -> {
            if (request.rpcMethod().equals("notifications/x")) {
                held.set(answer);
            } else {
                strict(request, answer);
            }
        });
        Bridge bridge = open(http);
        CompletionStage<RpcOutcome> looking = call(bridge, twice);
        CompletionStage<RpcOutcome> beside = call(bridge, withN("1"));
        assertFalse(
                assertFailsUnwrapped(MalformedMessageException.class, looking).dispatched());
        assertEquals("{\"ok\":1}", value(beside));

        bridge.notify("notifications/x", null);
        Await.until("the notification is with the server", () -> held.get() != null);
        CompletionStage<RpcOutcome> queued = call(bridge, twice);
        CompletionStage<RpcOutcome> behind = call(bridge, withN("2"));
        held.get().status(202);
        assertFailsUnwrapped(MalformedMessageException.class, queued);
        assertEquals("{\"ok\":1}", value(behind));
        assertEquals("{\"ok\":1}", value(call(bridge, withN("3"))));
        assertEquals(0, bridge.stats().inFlight());
    }

    @Test
    void aToolThatSaysSomethingTwiceIsLeftOutOfTheList() throws IOException {
        FakeHttp http = stateless(
                "{\"resultType\":\"complete\",\"tools\":[{\"name\":\"odd\",\"inputSchema\":{\"type\":\"object\",\"properties\":"
                        + "{\"a\":{\"default\":\"x\",\"default\":\"y\"}}}},{\"name\":\"odder\",\"name\":\"oddest\"},"
                        + "{\"name\":\"t\",\"inputSchema\":{\"type\":\"object\"}}]}",
                StatelessServerTest::strict);
        String list = value(open(http).request("tools/list", null, new RecordingCallContext()));

        assertTrue(list.contains("\"t\""));
        assertFalse(list.contains("odd"));
    }

    @Test
    void aListThatIsThereTwiceFailsAndDoesNotHoldUpTheCallsThatWaitForIt() throws IOException {
        FakeHttp http = stateless(
                "{\"tools\":[],\"tools\":[],\"nextCursor\":\"a\",\"nextCursor\":\"b\"}",
                (request, answer) -> answer.json(200, result(request, "{\"ok\":1}")));
        Bridge bridge = open(http);
        assertFailsUnwrapped(
                ProtocolViolationException.class, bridge.request("tools/list", null, new RecordingCallContext()));

        assertEquals("{\"ok\":1}", value(call(bridge, withN("1"))));
        assertEquals(0, bridge.stats().inFlight());
    }

    @Test
    void aLookAtTheListIsNotCutShortByTheTimerOfTheOneBefore() throws IOException {
        ManualScheduler time = new ManualScheduler();
        AtomicInteger lists = new AtomicInteger();
        AtomicInteger refusals = new AtomicInteger();
        AtomicReference<Runnable> held = new AtomicReference<>();
        FakeHttp http = stateless(
                (request, answer) -> {
                    Runnable listed = () -> answer.json(200, result(request, TOOLS));
                    if (lists.incrementAndGet() == 2) {
                        held.set(listed);
                    } else {
                        listed.run();
                    }
                },
                (request, answer) -> {
                    if (lists.get() == 1
                            && request.header("mcp-param-n").equals("2")
                            && refusals.incrementAndGet() == 1) {
                        answer.json(400, error(request.id(), -32020, "Header mismatch"));
                    } else {
                        strict(request, answer);
                    }
                });
        Bridge bridge = keep(Await.value(new StreamableBridges()
                .connector(spec(http.url()).build(), TckContext.manual(time))
                .connect(new ConnectRequest(Duration.ofSeconds(20), JsonText.EMPTY_OBJECT, heard::add))));
        assertEquals("{\"ok\":1}", value(call(bridge, withN("1"))));
        time.advance(Duration.ofSeconds(9));
        CompletionStage<RpcOutcome> again = call(bridge, withN("2"));
        Await.until("the tool is looked up again", () -> held.get() != null);
        time.advance(Duration.ofSeconds(9));
        held.get().run();

        assertEquals("{\"ok\":1}", value(again));
    }

    @Test
    void cancellingClosesTheStreamAndSendsNothing() throws IOException {
        AtomicBoolean closed = new AtomicBoolean();
        FakeHttp http = stateless((request, answer) -> {
            answer.stream();
            answer.whenEnded(() -> closed.set(true));
        });
        Bridge bridge = open(http);
        CompletionStage<RpcOutcome> call = call(bridge, "{\"name\":\"t\"}");
        Await.until("it is sent", () -> http.requests("tools/call").size() == 1);
        call.toCompletableFuture().cancel(true);
        Await.until("the stream is closed", closed::get);
        Await.until("the place is free", () -> bridge.stats().inFlight() == 0);
        assertTrue(http.requests("notifications/cancelled").isEmpty());
    }

    @Test
    void aServerThatSendsARequestOfItsOwnFailsTheCall() throws IOException {
        FakeHttp http = stateless((request, answer) -> {
            answer.stream();
            answer.event("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"sampling/createMessage\",\"params\":{}}");
        });
        RecordingCallContext caller = new RecordingCallContext();
        CompletionStage<RpcOutcome> call =
                open(http).request("tools/call", JsonText.of("{\"name\":\"t\",\"arguments\":{}}"), caller);
        assertFailsUnwrapped(ProtocolViolationException.class, call);
        assertTrue(caller.questions().isEmpty());
    }

    @Test
    void aServerOfTheOtherEraIsNotAskedIfTheConfigurationSaysSo() throws IOException {
        FakeHttp legacy = session((request, answer) -> answer.status(500));
        assertEquals(
                ErrorKind.CHILD_PROTOCOL,
                assertFailsUnwrapped(
                                ConnectException.class,
                                connect(spec(legacy.url()).setting("protocol", "modern")))
                        .kind());
        assertTrue(legacy.requests("initialize").isEmpty());
        FakeHttp other = session((request, answer) -> answer.status(500));
        open(spec(other.url()).setting("protocol", "legacy"));
        assertTrue(other.requests("server/discover").isEmpty());
    }

    /** Says that it does not speak the revision which it then says it speaks. */
    private static void contrary(Request request, FakeHttp.Answer answer) {
        answer.json(
                400,
                "{\"jsonrpc\":\"2.0\",\"id\":" + request.id() + ",\"error\":{\"code\":-32022,\"message\":\"no\","
                        + "\"data\":{\"supported\":[\"2026-07-28\"],\"requested\":\"2026-07-28\"}}}");
    }

    @Test
    void aServerThatRefusesTheRevisionItSpeaksIsAskedOnceMore() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        FakeHttp http = keep(new FakeHttp((request, answer) -> {
            if (asked.incrementAndGet() == 1) {
                contrary(request, answer);
            } else {
                answer.json(200, result(request, "{\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{}}"));
            }
        }));
        assertEquals("2026-07-28", open(http).info().protocolVersion());
        assertEquals(2, http.requests("server/discover").size());
    }

    @Test
    void aServerThatKeepsRefusingTheRevisionItSpeaksIsNotAskedForEver() throws IOException {
        FakeHttp http = keep(new FakeHttp(StatelessServerTest::contrary));
        ConnectException failure = assertFailsUnwrapped(ConnectException.class, connect(spec(http.url())));
        assertEquals(ErrorKind.CHILD_PROTOCOL, failure.kind());
        assertTrue(failure.getMessage().contains("keeps refusing MCP 2026-07-28"), failure.getMessage());
        assertEquals(2, http.requests().size());
    }

    @Test
    void whoIsRefusedAtTheDoorDoesNotTryAnotherEra() throws IOException {
        FakeHttp http = keep(new FakeHttp((request, answer) -> answer.status(401)));
        ConnectException failure = assertFailsUnwrapped(ConnectException.class, connect(spec(http.url())));
        assertEquals(1, http.requests().size());
        assertTrue(failure.getMessage().contains("credentials"), failure.getMessage());
        assertFalse(failure.getMessage().contains(SECRET), failure.getMessage());
    }
}
