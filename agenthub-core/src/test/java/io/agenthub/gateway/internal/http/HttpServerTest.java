package io.agenthub.gateway.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.tck.Await;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Handlers and routes: whatever a handler does, only its own request feels it. */
class HttpServerTest extends HttpServerFixture {
    @Test
    void rulesThatCannotBeMadeEndTheStartAndLeaveThePortFree() throws IOException {
        make(resources.shared(EventLoopGroup.class).orElseThrow());
        AtomicReference<InetSocketAddress> bound = new AtomicReference<>();
        CompletionException failure = assertThrows(
                CompletionException.class,
                () -> server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), List.of(), local -> {
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

    private static InetSocketAddress at(String address, int port) throws IOException {
        return new InetSocketAddress(InetAddress.getAllByName(address)[0], port);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void allAddressesOfOneKindAreNoneOfTheOther(boolean nio) throws IOException {
        route("/", exchange -> exchange.respond(Response.text(200, "text/plain", "here")));
        EventLoopGroup own = nio ? new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()) : null;
        make(nio ? own : resources.shared(EventLoopGroup.class).orElseThrow());
        InetSocketAddress bound = Await.value(
                server.bind(at("0.0.0.0", 0), List.of(), local -> new AccessRules(local, List.of(), List.of(), null)));

        assertEquals("0.0.0.0", bound.getAddress().getHostAddress());
        try (RawClient client = new RawClient(at("127.0.0.1", bound.getPort()))) {
            assertEquals("here", client.get("/").reply().body());
        }
        try (Socket socket = new Socket()) {
            assertThrows(IOException.class, () -> socket.connect(at("::1", bound.getPort()), 5_000));
        }
        if (own != null) {
            own.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
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
