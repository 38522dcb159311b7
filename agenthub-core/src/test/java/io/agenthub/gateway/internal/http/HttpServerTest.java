package io.agenthub.gateway.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.core.HubResources;
import io.agenthub.gateway.internal.http.RawClient.Reply;
import io.agenthub.tck.Await;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server with routes made for the test: whatever a handler does, only its own request feels it. */
class HttpServerTest {
    static final HttpLimits LIMITS = new HttpLimits(
            512,
            4_096,
            8_192,
            100,
            1 << 20,
            1 << 30,
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30));

    private final HubResources resources = HubResources.builder().ioThreads(1).build();
    private final List<Route> routes = new ArrayList<>();
    private final AtomicInteger drained = new AtomicInteger();
    private HttpServer server;
    private InetSocketAddress address;

    private void start() {
        start(resources.shared(EventLoopGroup.class).orElseThrow());
    }

    private void start(EventLoopGroup loops) {
        make(loops);
        address = Await.value(server.bind(
                new InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 0),
                List.of(),
                bound -> new AccessRules(bound, List.of(), List.of(), null)));
    }

    private void make(EventLoopGroup loops) {
        RouteGroup group = new RouteGroup() {
            @Override
            public List<Route> routes() {
                return routes;
            }

            @Override
            public void drain() {
                drained.incrementAndGet();
            }
        };
        server = new HttpServer(
                loops,
                resources.scheduler(),
                resources.callbackExecutor(),
                LIMITS,
                List.of(group),
                (failure, path) -> Response.json(
                        failure instanceof Refusal refusal ? refusal.status() : 500,
                        Map.of("failure", failure.getClass().getSimpleName())));
    }

    @AfterEach
    void close() {
        Await.value(server.close(Duration.ZERO));
        resources.close();
    }

    private void route(String path, Handler handler) {
        routes.add(Route.of("GET", path, handler));
    }

    private Reply get(String path) {
        try (RawClient client = new RawClient(address)) {
            return client.get(path).reply();
        }
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void rulesThatCannotBeMadeEndTheStartAndLeaveThePortFree() throws IOException {
        make(resources.shared(EventLoopGroup.class).orElseThrow());
        AtomicReference<InetSocketAddress> bound = new AtomicReference<>();
        CompletionException failure = assertThrows(
                CompletionException.class,
                () -> server.bind(
                                new InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 0),
                                List.of(),
                                local -> {
                                    bound.set(local);
                                    throw new IllegalArgumentException("no such rule");
                                })
                        .toCompletableFuture()
                        .orTimeout(10, TimeUnit.SECONDS)
                        .join());

        assertEquals("no such rule", failure.getCause().getMessage());
        Await.until("the port is free", () -> {
            try (ServerSocket free = new ServerSocket()) {
                free.bind(bound.get());
                return true;
            } catch (IOException e) {
                return false;
            }
        });
    }

    // ---- Handlers that misbehave.

    private static Handler overflow() {
        return exchange -> overflow().handle(exchange);
    }

    @Test
    void whatAHandlerThrowsEndsItsOwnRequestOnly() {
        route("/exception", exchange -> {
            throw new IllegalStateException("on purpose");
        });
        route("/assertion", exchange -> {
            throw new AssertionError("on purpose");
        });
        route("/overflow", overflow());
        route("/null", Handler.now(exchange -> null));
        route("/null-stage", Handler.later(exchange -> null));
        route("/failed", Handler.later(exchange -> CompletableFuture.failedFuture(new Error("on purpose"))));
        route("/parameter", Handler.now(exchange -> Response.json(200, Map.of("x", exchange.parameter("none")))));
        route("/fine", Handler.now(exchange -> Response.json(200, Map.of())));
        start();

        RawClient client = new RawClient(address);
        for (String path :
                List.of("/exception", "/assertion", "/overflow", "/null", "/null-stage", "/failed", "/parameter")) {
            assertEquals(500, client.get(path).reply().status(), path);
            assertEquals(200, client.get("/fine").reply().status(), path);
        }
        client.close();
    }

    @Test
    void aResponseThatCannotBeWrittenEndsTheConnection() {
        route("/split", Handler.now(exchange -> Response.json(200, Map.of()).with("x", "a\r\nSet-Cookie: b")));
        route("/fine", Handler.now(exchange -> Response.json(200, Map.of())));
        start();

        try (RawClient client = new RawClient(address)) {
            assertFalse(client.get("/split").rest().contains("Set-Cookie"));
        }
        assertEquals(200, get("/fine").status());
    }

    @Test
    void headersThatWereDroppedCannotBeAskedFor() {
        route("/dropped", Handler.now(exchange -> {
            boolean there = exchange.header("host").isPresent();
            exchange.dropHeaders();
            assertThrows(IllegalStateException.class, () -> exchange.header("host"));
            assertThrows(IllegalStateException.class, exchange::trace);
            return Response.json(200, Map.of("there", there));
        }));
        start();
        assertEquals("{\"there\":true}", get("/dropped").body());
    }

    @Test
    void onlyTheFirstAnswerCounts() {
        AtomicReference<Exchange> kept = new AtomicReference<>();
        route("/twice", exchange -> {
            kept.set(exchange);
            exchange.respond(Response.json(200, Map.of("answer", 1)));
            exchange.respond(Response.json(200, Map.of("answer", 2)));
            exchange.fail(new IllegalStateException("too late"));
        });
        start();

        try (RawClient client = new RawClient(address)) {
            assertEquals("{\"answer\":1}", client.get("/twice").reply().body());
            Exchange first = kept.get();
            assertEquals("{\"answer\":1}", client.get("/twice").reply().body());
            first.respond(Response.json(200, Map.of("answer", 3)));
            assertFalse(first.stream(Response.text(200, "text/plain", "x")).isOpen());
            assertTrue(client.isSilent(100));
        }
    }

    @Test
    void aStageIsCancelledWhenTheClientGoesAway() {
        CompletableFuture<Response> never = new CompletableFuture<>();
        route("/never", Handler.later(exchange -> never));
        start();
        RawClient client = new RawClient(address).get("/never");
        Await.until("it is being handled", () -> never.getNumberOfDependents() > 0);

        client.close();

        Await.until("it is cancelled", never::isCancelled);
    }

    @Test
    void whoAsksTooLateToBeToldIsToldAtOnce() {
        Queue<Exchange> exchanges = new ConcurrentLinkedQueue<>();
        AtomicInteger told = new AtomicInteger();
        route("/never", exchanges::add);
        start();
        RawClient client = new RawClient(address).get("/never");
        Await.until("it is being handled", () -> !exchanges.isEmpty());
        client.close();
        Await.until("it is gone", () -> server.connections() == 0);

        exchanges.peek().onAbandoned(told::incrementAndGet);

        assertEquals(1, told.get());
    }

    // ---- Streams.

    private static String head(RawClient client) {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) client.readByte());
        }
        return head.toString();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStreamArrivesPieceByPiece(boolean nio) throws Exception {
        Queue<ResponseStream> streams = new ConcurrentLinkedQueue<>();
        route("/stream", exchange -> streams.add(exchange.stream(Response.text(200, "text/event-stream", "first"))));
        EventLoopGroup own = nio ? new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()) : null;
        start(nio ? own : resources.shared(EventLoopGroup.class).orElseThrow());
        try (RawClient client = new RawClient(address)) {
            client.get("/stream");
            String head = head(client);
            assertTrue(head.contains("transfer-encoding: chunked\r\n"), head);
            assertTrue(head.contains("content-type: text/event-stream\r\n"), head);
            assertFalse(head.contains("content-length"), head);
            assertEquals("first", new String(client.chunk(), StandardCharsets.UTF_8));

            ResponseStream stream = streams.peek();
            for (int i = 0; i < 100; i++) {
                assertTrue(stream.write(utf8("data: "), utf8("é" + i), utf8("\n\n")));
                assertEquals("data: é" + i + "\n\n", new String(client.chunk(), StandardCharsets.UTF_8));
            }
            assertTrue(stream.write());
            stream.end();
            stream.end();
            assertEquals(0, client.chunk().length);
            assertFalse(stream.write(utf8("x")));
            assertEquals(404, client.get("/nope").reply().status());
        }
        if (own != null) {
            own.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS);
        }
    }

    @Test
    void whatWaitsForAClientIsBoundedHoweverMuchItHasTaken() throws Exception {
        Queue<ResponseStream> streams = new ConcurrentLinkedQueue<>();
        route("/stream", exchange -> streams.add(exchange.stream(Response.text(200, "text/event-stream", "begin"))));
        start();
        try (RawClient client = new RawClient(address, 64 * 1_024)) {
            client.get("/stream");
            head(client);
            client.chunk();
            ResponseStream stream = streams.peek();
            byte[] large = new byte[1 << 20];
            for (int i = 0; i < 20; i++) {
                assertTrue(stream.write(ByteBuffer.wrap(large)));
                assertEquals(large.length, client.chunk().length);
            }
            long untaken = 0;
            byte[] small = new byte[64 * 1_024];
            while (stream.write(ByteBuffer.wrap(small))) {
                untaken += small.length;
                assertTrue(untaken < 2L * ResponseStream.MAX_PENDING_BYTES, "more waits than may");
            }
        }
    }

    @Test
    void whatTheLoopSaysDoesNotOvertakeWhatAnotherThreadSaidBefore() {
        route("/stream", exchange -> {
            CompletableFuture<ResponseStream> opened = new CompletableFuture<>();
            new Thread(() -> {
                        ResponseStream stream = exchange.stream(Response.text(200, "text/event-stream", ""));
                        stream.write(utf8("begin, "));
                        opened.complete(stream);
                    })
                    .start();
            while (!opened.isDone()) {
                // Keeps the loop from what it has been given.
            }
            opened.join().write(utf8("end"));
            opened.join().end();
        });
        start();
        assertEquals("begin, end", get("/stream").body());
    }

    @Test
    void aRequestThatHasArrivedWhenTheServerBeginsToCloseIsAnswered() {
        CountDownLatch held = new CountDownLatch(1);
        AtomicBoolean go = new AtomicBoolean();
        route("/fine", Handler.now(exchange -> Response.json(200, Map.of())));
        route("/hold", exchange -> {
            held.countDown();
            // Not with onSpinWait, which counts as blocking.
            while (!go.get()) {
                // Keeps the loop from reading.
            }
            exchange.respond(Response.json(200, Map.of()));
        });
        start();
        try (RawClient client = new RawClient(address);
                RawClient other = new RawClient(address)) {
            assertEquals(200, client.get("/fine").reply().status());
            other.get("/hold");
            Await.until("the loop is held", () -> held.getCount() == 0);
            client.get("/fine");
            server.close(Duration.ofSeconds(5));
            go.set(true);
            Reply last = client.reply();
            assertEquals(200, last.status());
            assertEquals("close", last.header("connection"));
        }
    }

    @Test
    void aStreamEndsWithItsClient() {
        Queue<ResponseStream> streams = new ConcurrentLinkedQueue<>();
        AtomicInteger told = new AtomicInteger();
        route("/stream", exchange -> {
            exchange.onAbandoned(told::incrementAndGet);
            streams.add(exchange.stream(Response.text(200, "text/event-stream", "")));
        });
        start();
        RawClient client = new RawClient(address).get("/stream");
        Await.until("it is open", () -> !streams.isEmpty());

        client.close();

        Await.until("it is closed and that is told", () -> !streams.peek().isOpen() && told.get() > 0);
        assertEquals(1, told.get());
        assertFalse(streams.peek().write(utf8("x")));
    }

    @Test
    void aStreamThatNobodyReadsIsCut() {
        Queue<ResponseStream> streams = new ConcurrentLinkedQueue<>();
        route("/stream", exchange -> streams.add(exchange.stream(Response.text(200, "text/event-stream", ""))));
        start();
        RawClient client = new RawClient(address, 4_096).get("/stream");
        Await.until("it is open", () -> !streams.isEmpty());
        byte[] piece = new byte[100_000];

        int taken = 0;
        while (taken < 1_000 && streams.peek().write(ByteBuffer.wrap(piece))) {
            taken++;
        }

        assertTrue(taken < 1_000, "took 100 MB");
        Await.until("the connection is closed", () -> server.connections() == 0);
        client.close();
    }

    @Test
    void aStreamThatIsReadMayGoOnForever() throws Exception {
        Queue<ResponseStream> streams = new ConcurrentLinkedQueue<>();
        route("/stream", exchange -> streams.add(exchange.stream(Response.text(200, "text/event-stream", "x"))));
        start();
        RawClient client = new RawClient(address).get("/stream");
        while (!"x".equals(readLine(client).strip())) {
            // The head, and the size of the first chunk.
        }
        byte[] piece = new byte[50_000];
        for (int i = 0; i < 400; i++) {
            assertTrue(streams.peek().write(ByteBuffer.wrap(piece)), "piece " + i);
            assertEquals(piece.length, client.chunk().length);
        }
        client.close();
    }

    private static String readLine(RawClient client) {
        StringBuilder line = new StringBuilder();
        for (int b = client.readByte(); b != '\n' && b >= 0; b = client.readByte()) {
            line.append((char) b);
        }
        return line.toString();
    }

    @Test
    void closingTellsTheRoutesAndCutsWhatStaysOpen() {
        route("/stream", exchange -> exchange.stream(Response.text(200, "text/event-stream", "x")));
        start();
        RawClient client = new RawClient(address).get("/stream");
        Await.until("it is open", () -> client.readByte() == 'x');

        Await.value(server.close(Duration.ofMillis(20)));

        assertEquals(1, drained.get());
        assertEquals(0, server.connections());
        client.close();
    }

    @Test
    void whoWorksOnAnAnswerHasTheLastWordWhenTheDrainIsOver() {
        Queue<String> told = new ConcurrentLinkedQueue<>();
        CountDownLatch handled = new CountDownLatch(2);
        route("/owned", exchange -> {
            exchange.onAbandoned(new Exchange.Owner() {
                @Override
                public void abandoned() {
                    told.add("abandoned");
                }

                @Override
                public void cutShort() {
                    told.add("cut short");
                    exchange.respond(Response.text(200, "text/plain", "as far as it came"));
                }
            });
            handled.countDown();
        });
        route("/silent", exchange -> {
            exchange.onAbandoned(() -> told.add("abandoned"));
            handled.countDown();
        });
        start();
        RawClient owned = new RawClient(address).get("/owned");
        RawClient silent = new RawClient(address).get("/silent");
        Await.until("both wait", () -> handled.getCount() == 0);

        Await.value(server.close(Duration.ofMillis(20)));

        assertEquals("as far as it came", owned.reply().body());
        Reply refused = silent.reply();
        assertEquals(503, refused.status());
        assertEquals("{\"failure\":\"Refusal\"}", refused.body());
        assertEquals(
                List.of("abandoned", "abandoned", "cut short"),
                told.stream().sorted().toList());
        owned.close();
        silent.close();
    }

    @Test
    void anAnswerThatIsOnItsWayWhenTheDrainIsOverIsSentToItsEnd() {
        byte[] body = new byte[8 << 20];
        CountDownLatch answered = new CountDownLatch(1);
        route("/long", exchange -> {
            exchange.respond(new Response(200, "text/plain", List.of(ByteBuffer.wrap(body)), Map.of()));
            answered.countDown();
        });
        start();
        RawClient client = new RawClient(address).get("/long");
        Await.until("it is being sent", () -> answered.getCount() == 0);
        CompletionStage<Void> closed = server.close(Duration.ZERO);

        assertEquals(body.length, client.reply().body().length());
        Await.value(closed);
        client.close();
    }

    // ---- The table.

    @Test
    void literalsGoBeforeVariablesAndVariablesBeforeTheRest() {
        route("/a/{x}", Handler.now(exchange -> Response.json(200, Map.of("x", exchange.parameter("x")))));
        route("/a/b", Handler.now(exchange -> Response.json(200, Map.of("literal", "b"))));
        route("/a/{x}/c", Handler.now(exchange -> Response.json(200, Map.of("c", exchange.parameter("x")))));
        route(
                "/a/{y}/{rest...}",
                Handler.now(exchange -> Response.json(
                        200, Map.of("rest", exchange.parameter("rest") + " of " + exchange.parameter("y")))));
        start();

        assertEquals("{\"literal\":\"b\"}", get("/a/b").body());
        assertEquals("{\"x\":\"c\"}", get("/a/c").body());
        assertEquals("{\"x\":\"ü b++\"}", get("/a/%C3%BC%20b+%2B").body());
        assertEquals("{\"c\":\"b\"}", get("/a/b/c").body());
        assertEquals("{\"rest\":\"d of b\"}", get("/a/b/d").body());
        assertEquals("{\"rest\":\"c/d/e of b\"}", get("/a/b/c/d/e").body());
        assertEquals(404, get("/a").status());
        assertEquals(404, get("/a/").status());
    }

    @Test
    void eachRequestOfAConnectionGoesItsOwnWay() {
        for (String method : List.of("GET", "DELETE")) {
            routes.add(Route.of(
                    method,
                    "/a/{x}",
                    Handler.now(exchange ->
                            Response.json(200, Map.of(method, exchange.parameter("x") + exchange.queries())))));
        }
        start();

        RawClient client = new RawClient(address);
        for (int round = 0; round < 2; round++) {
            assertEquals("{\"GET\":\"b{}\"}", client.get("/a/b").reply().body());
            assertEquals("{\"GET\":\"b{}\"}", client.get("/a/b").reply().body());
            assertEquals(
                    "{\"DELETE\":\"b{}\"}",
                    client.send("DELETE /a/b HTTP/1.1\r\nHost: " + client.host() + "\r\n\r\n")
                            .reply()
                            .body());
            assertEquals("{\"GET\":\"b{q=1}\"}", client.get("/a/b?q=1").reply().body());
            assertEquals("{\"GET\":\"b{q=2}\"}", client.get("/a/b?q=2").reply().body());
            assertEquals("{\"GET\":\"c{}\"}", client.get("/a/c").reply().body());
            assertEquals(404, client.get("/a").reply().status());
        }
        client.close();
    }

    @Test
    void theQueryIsDecoded() {
        route(
                "/q",
                Handler.now(exchange -> Response.json(
                        200,
                        Map.of(
                                "q",
                                exchange.query("a b").orElse("none") + "|"
                                        + exchange.query("c").orElse("none")))));
        start();

        assertEquals("{\"q\":\"ü &|\"}", get("/q?a+b=%C3%BC+%26&c&d=/?").body());
        assertEquals("{\"q\":\"none|none\"}", get("/q?").body());
        assertEquals("{\"q\":\"none|none\"}", get("/q?&&").body());
    }

    @Test
    void aRouteThatStandsTwiceIsAMistake() {
        route("/x/{a}", exchange -> {});
        route("/x/{b}", exchange -> {});

        assertThrows(IllegalArgumentException.class, () -> new Router(List.of(() -> routes)));
        routes.clear();
        start();
    }
}
