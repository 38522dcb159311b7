package io.agenthub.gateway.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.gateway.internal.http.RawClient.Reply;
import io.agenthub.tck.Await;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that come piece by piece, and what is under way when the server closes. */
class HttpServerStreamsTest extends HttpServerFixture {
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
    void ofAStreamThatOnlyTheHeadIsAskedForNothingElseIsSent() {
        Queue<ResponseStream> streams = new ConcurrentLinkedQueue<>();
        AtomicInteger told = new AtomicInteger();
        route("/stream", exchange -> {
            exchange.onAbandoned(told::incrementAndGet);
            streams.add(exchange.stream(Response.text(200, "text/event-stream", "first")));
        });
        start();
        try (RawClient client = new RawClient(address)) {
            client.send("HEAD /stream HTTP/1.1\r\nHost: " + client.host() + "\r\n\r\n");
            assertTrue(head(client).startsWith("HTTP/1.1 200 "));
            assertEquals(404, client.get("/nope").reply().status());
        }
        ResponseStream stream = streams.remove();
        assertFalse(stream.write(utf8("more")));
        stream.end();
        assertEquals(1, told.get());
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
}
