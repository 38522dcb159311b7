package io.agenthub.api.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.BusyException;
import io.agenthub.api.Promise;
import io.agenthub.api.breaker.Breaker;
import io.agenthub.api.bridge.ClientProfile;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcErrorException;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.api.server.ServerStatus;
import io.agenthub.tck.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The conveniences on top of a plain request, and the values they answer. */
class McpServerTest {
    private final List<String> sent = new ArrayList<>();

    private McpServer server(Function<@Nullable JsonText, RpcOutcome> answers) {
        return new Answering(sent, params -> Promise.succeeded(answers.apply(params)));
    }

    private static RpcOutcome result(String json) {
        return new RpcResult(JsonText.of(json));
    }

    // Tools

    @Test
    void toolsAreListedFromAllPages() {
        McpServer server = server(params -> params == null
                ? result("{\"tools\":[{\"name\":\"a\"},{\"name\":\"b\"}],\"nextCursor\":\"2\"}")
                : result("{\"tools\":[{\"name\":\"c\"}]}"));
        assertEquals(
                List.of("a", "b", "c"),
                Await.value(server.listTools()).stream().map(Tool::name).toList());
        assertEquals(List.of("tools/list null", "tools/list {\"cursor\":\"2\"}"), sent);
    }

    @Test
    void aListThatNeverEndsIsLeftAfterAThousandPages() {
        McpServer server = server(params -> result("{\"tools\":[{\"name\":\"a\"}],\"nextCursor\":\"x\"}"));
        assertEquals(McpServer.MAX_PAGES, Await.value(server.listTools()).size());
        assertEquals(McpServer.MAX_PAGES, sent.size());
    }

    @Test
    void cancellingAListCancelsThePageUnderWay() {
        Promise<RpcOutcome> page = new Promise<>(Runnable::run);
        McpServer server = new Answering(sent, params -> page);
        assertTrue(server.listTools().toCompletableFuture().cancel(true));
        assertTrue(page.isCancelled());
    }

    @Test
    void pagesThatComeLaterAreReadInOrder() {
        List<Promise<RpcOutcome>> pages = new ArrayList<>();
        McpServer server = new Answering(sent, params -> {
            pages.add(new Promise<>(Runnable::run));
            return pages.get(pages.size() - 1);
        });
        CompletionStage<List<Tool>> tools = server.listTools();
        pages.get(0).succeed(result("{\"tools\":[{\"name\":\"a\"}],\"nextCursor\":\"2\"}"));
        assertFalse(tools.toCompletableFuture().isDone());
        pages.get(1).succeed(result("{\"tools\":[{\"name\":\"b\"}]}"));
        assertEquals(
                List.of("a", "b"), Await.value(tools).stream().map(Tool::name).toList());
        CompletionStage<List<Tool>> failing = server.listTools();
        BusyException busy = new BusyException("s", "maxInFlight", 1);
        pages.get(2).fail(busy);
        assertEquals(busy, Await.failure(failing));
    }

    @Test
    void aCancelledListAsksForNoFurtherPage() {
        Promise<RpcOutcome> page = new Promise<>(Runnable::run);
        CompletionStage<List<Tool>> tools = new Answering(sent, params -> page).listTools();
        tools.toCompletableFuture().cancel(true);
        page.succeed(result("{\"tools\":[],\"nextCursor\":\"2\"}"));
        assertEquals(1, sent.size());
    }

    @Test
    void aPageThatIsNoListFailsTheList() {
        McpServer twice = server(params -> result("{\"tools\":[],\"tools\":[]}"));
        Await.failure(MalformedMessageException.class, twice.listTools());
        McpServer none = server(params -> result("{}"));
        assertEquals(List.of(), Await.value(none.listTools()));
        McpServer endless = server(params -> result("{\"tools\":[],\"nextCursor\":7}"));
        assertEquals(List.of(), Await.value(endless.listTools()), "a cursor is a string");
    }

    @Test
    void anErrorOnAnyPageFailsTheListUnwrapped() {
        McpServer server = server(params ->
                params == null ? result("{\"tools\":[],\"nextCursor\":\"2\"}") : RpcError.of(-32601, "no tools", null));
        RpcErrorException failure = Await.failure(RpcErrorException.class, server.listTools());
        assertEquals(-32601, failure.error().code());
    }

    @Test
    void aToolIsCalledWithItsArgumentsInOrder() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("z", 1);
        arguments.put("a", List.of("é"));
        ToolResult result = Await.value(server(params -> result("{\"content\":[{\"type\":\"text\",\"text\":\"hi\"}]}"))
                .callTool("greet \"x\"", arguments));
        assertEquals("hi", result.text());
        assertEquals(List.of("tools/call {\"name\":\"greet \\\"x\\\"\",\"arguments\":{\"z\":1,\"a\":[\"é\"]}}"), sent);
    }

    @Test
    void aServersErrorFailsTheToolCallUnwrapped() {
        McpServer server = server(params -> RpcError.of(-32602, "unknown tool", null));
        assertEquals(
                -32602,
                Await.failure(RpcErrorException.class, server.callTool("x", Map.of()))
                        .error()
                        .code());
    }

    @Test
    void argumentsWithoutAJsonFormAreRefusedAtOnce() {
        McpServer server = server(params -> result("{}"));
        assertThrows(IllegalArgumentException.class, () -> server.callTool("x", Map.of("o", new Object())));
        assertEquals(List.of(), sent);
    }

    // Values

    @Test
    void aToolTellsWhatItsServerSaid() {
        Tool tool = new Tool(JsonText.of(
                "{\"name\":\"n\",\"title\":\"T\",\"description\":\"D\",\"inputSchema\":{\"type\":\"object\"}}"));
        assertEquals("n", tool.name());
        assertEquals(Optional.of("T"), tool.title());
        assertEquals(Optional.of("D"), tool.description());
        assertEquals("{\"type\":\"object\"}", tool.inputSchema().toString());
        Tool bare = new Tool(JsonText.of("{\"name\":1}"));
        assertEquals("", bare.name());
        assertEquals(Optional.empty(), bare.title());
        assertEquals("{}", bare.inputSchema().toString());
    }

    @Test
    void aResultJoinsItsTextsAndKeepsItsBlocks() {
        ToolResult result = new ToolResult(
                JsonText.of(
                        "{\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"image\",\"data\":\"\"},"
                                + "{\"text\":\"no type\"},{\"type\":\"text\",\"text\":\"b\"}],\"structuredContent\":{\"n\":1.0}}"));
        assertEquals("a\nb", result.text());
        assertEquals(4, result.content().size());
        assertEquals("{\"n\":1.0}", result.structuredContent().orElseThrow().toString());
        assertFalse(result.isError());
    }

    @Test
    void onlyTrueIsAnError() {
        assertTrue(new ToolResult(JsonText.of("{\"isError\":true}")).isError());
        for (String no : List.of("{}", "{\"isError\":false}", "{\"isError\":\"true\"}", "{\"isError\":1}", "[]")) {
            ToolResult result = new ToolResult(JsonText.of(no));
            assertFalse(result.isError(), no);
            assertEquals("", result.text());
            assertEquals(List.of(), result.content());
        }
    }

    @Test
    void callOptionsChangeOnePartAtATime() {
        CallListener listener = new CallListener() {};
        ClientProfile profile = new ClientProfile(JsonText.EMPTY_OBJECT, Optional.empty(), Optional.of("info"), true);
        CallOptions options = CallOptions.DEFAULT
                .withTimeout(Duration.ofSeconds(1))
                .withClient("c")
                .withOrigin("127.0.0.1", "7")
                .withListener(listener)
                .withProfile(profile)
                .withSession("s1")
                .withExecutor(Runnable::run);
        assertEquals(Optional.of(Duration.ofSeconds(1)), options.timeout());
        assertEquals(Optional.of("c"), options.client());
        assertEquals(Optional.of("127.0.0.1"), options.peer());
        assertEquals(Optional.of("7"), options.requestId());
        assertEquals(Optional.of(listener), options.listener());
        assertEquals(profile, options.profile());
        assertEquals(Optional.of("s1"), options.session());
        assertTrue(options.executor().isPresent());
        assertEquals(Optional.empty(), CallOptions.DEFAULT.timeout());
    }

    @Test
    void aTimeoutOutOfRangeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> CallOptions.DEFAULT.withTimeout(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> CallOptions.DEFAULT.withTimeout(Duration.ofHours(25)));
    }

    private record Answering(List<String> sent, Function<@Nullable JsonText, CompletionStage<RpcOutcome>> answers)
            implements McpServer {
        @Override
        public CompletionStage<RpcOutcome> request(String method, @Nullable JsonText params, CallOptions options) {
            sent.add(method + " " + params);
            return answers.apply(params);
        }

        @Override
        public CompletionStage<Void> notify(String method, @Nullable JsonText params) {
            return Promise.done();
        }

        @Override
        public ServerStatus status() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<ServerStatus> start() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<ServerStatus> stop() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<ServerStatus> restart() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Breaker breaker() {
            throw new UnsupportedOperationException();
        }
    }
}
