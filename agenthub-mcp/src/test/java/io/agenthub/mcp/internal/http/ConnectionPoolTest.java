package io.agenthub.mcp.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.mcp.internal.http.HttpFault.Reason;
import io.agenthub.tck.Await;
import io.agenthub.tck.ManualScheduler;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A pool of one connection to a server that the test itself plays. */
class ConnectionPoolTest {
    private static final int PATIENCE = (int) Await.PATIENCE.toMillis();

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final ManualScheduler time = new ManualScheduler();
    private final List<Socket> accepted = new ArrayList<>();
    private ServerSocket server;
    private ConnectionPool pool;

    private static final class Recorder implements AnswerReader {
        private final CompletableFuture<HttpFault> failed = new CompletableFuture<>();
        private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
        private volatile boolean sending;
        private volatile boolean unwanted;

        @Override
        public boolean sending() {
            sending = true;
            return !unwanted;
        }

        @Override
        public void begun(int status, HttpHeaders headers) {}

        @Override
        public void received(byte[] bytes) {}

        @Override
        public void ended() {
            ended.complete(true);
        }

        @Override
        public void failed(HttpFault fault) {
            failed.complete(fault);
        }
    }

    @BeforeEach
    void open() throws IOException {
        server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        server.setSoTimeout(PATIENCE);
        pool = pool("127.0.0.1", Runnable::run);
    }

    private ConnectionPool pool(String host, Executor helpers) {
        return new ConnectionPool(
                Endpoint.parse("http://" + host + ":" + server.getLocalPort() + "/"),
                new HttpLimits(1, 8_192, Duration.ofSeconds(5), Duration.ofSeconds(5)),
                loop,
                time,
                helpers,
                new ClientTls(Optional.empty(), helpers));
    }

    @AfterEach
    void close() throws IOException {
        loop.execute(pool::close);
        for (Socket connection : accepted) {
            connection.close();
        }
        server.close();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private <T> T onLoop(Supplier<T> task) {
        return Await.value(CompletableFuture.supplyAsync(task, loop));
    }

    private Exchange send(String name, AnswerReader reader) {
        return onLoop(() -> pool.send(request(name), reader));
    }

    private static HttpRequest request(String name) {
        return new HttpRequest(HttpMethod.GET, Map.of("X-Name", name), null);
    }

    private Socket accept() throws IOException {
        Socket connection = server.accept();
        accepted.add(connection);
        connection.setSoTimeout(PATIENCE);
        return connection;
    }

    private static BufferedReader reader(Socket connection) throws IOException {
        return new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    /** Reads one request and says what name it bears. */
    private static String nameOfNext(BufferedReader requests) throws IOException {
        String name = "";
        for (String line = requests.readLine(); line != null && !line.isEmpty(); line = requests.readLine()) {
            if (line.startsWith("X-Name: ")) {
                name = line.substring(8);
            }
        }
        return name;
    }

    private static void answer(Socket connection, String header) throws IOException {
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + header + "\r\n\r\n";
        connection.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void aRequestThatCannotBeWrittenFailsUnsentAndItsConnectionCloses() throws IOException {
        Recorder recorder = new Recorder();
        Exchange exchange = send(" begins with a blank", recorder);
        try (Socket connection = accept()) {
            HttpFault fault = Await.value(recorder.failed);
            assertEquals(Reason.BROKEN, fault.reason());
            assertFalse(fault.sent());
            assertFalse(fault.detail().contains("begins with a blank"), fault.detail());
            assertTrue(onLoop(exchange::isDone));
            assertFalse(recorder.sending);
            assertEquals(-1, connection.getInputStream().read());
        }
        send("next", new Recorder());
        assertEquals("next", nameOfNext(reader(accept())));
    }

    @Test
    void aRequestThatCannotBeWrittenOnAKeptConnectionFailsUnsentAndTheConnectionCloses() throws IOException {
        Recorder first = new Recorder();
        send("first", first);
        Socket connection = accept();
        BufferedReader requests = reader(connection);
        assertEquals("first", nameOfNext(requests));
        answer(connection, "Connection: keep-alive");
        Await.value(first.ended);
        Recorder recorder = new Recorder();
        send(" begins with a blank", recorder);
        assertFalse(Await.value(recorder.failed).sent());
        assertEquals(-1, requests.read());
        send("next", new Recorder());
        assertEquals("next", nameOfNext(reader(accept())));
    }

    @Test
    void aConnectionThatIsBeingOpenedCountsThoughNobodyWantsItAnyMore() {
        List<Runnable> lookUps = new CopyOnWriteArrayList<>();
        pool = pool("mcp.example", lookUps::add);
        for (int i = 0; i < 20; i++) {
            Exchange exchange = send("withdrawn", new Recorder());
            loop.execute(exchange::cancel);
        }
        send("wanted", new Recorder());
        assertEquals(1, lookUps.size());
        time.advance(Duration.ofSeconds(5));
        Await.until("who still waits has one opened", () -> lookUps.size() == 2);
    }

    @Test
    void aConnectionThatIsOpenedForNobodyIsTakenByWhoWaits() throws IOException {
        onLoop(() -> {
            pool.send(request("withdrawn"), new Recorder()).cancel();
            return pool.send(request("next"), new Recorder());
        });
        assertEquals("next", nameOfNext(reader(accept())));
    }

    @Test
    void anExchangeThatIsNotWantedAnyMoreWhenItsTurnComesLeavesItsConnectionToTheNext() throws IOException {
        Recorder first = new Recorder();
        send("first", first);
        Socket connection = accept();
        BufferedReader requests = reader(connection);
        assertEquals("first", nameOfNext(requests));
        Recorder recorder = new Recorder();
        recorder.unwanted = true;
        Exchange unwanted = send("unwanted", recorder);
        send("next", new Recorder());
        answer(connection, "Connection: keep-alive");
        assertEquals("next", nameOfNext(requests));
        assertTrue(recorder.sending);
        assertTrue(onLoop(unwanted::isDone));
        assertFalse(recorder.failed.isDone());
    }

    @Test
    void anExchangeThatIsCancelledWhileItWaitsIsForgottenThoughTheOneBeforeItWaits() throws IOException {
        send("first", new Recorder());
        Socket connection = accept();
        assertEquals("first", nameOfNext(reader(connection)));
        send("second", new Recorder());
        WeakReference<AnswerReader> cancelled = sendAndCancel();
        send("third", new Recorder());
        Await.until("what was cancelled is no longer held", () -> {
            System.gc();
            return cancelled.get() == null;
        });
        answer(connection, "Connection: close");
        Socket second = accept();
        assertEquals("second", nameOfNext(reader(second)));
        answer(second, "Connection: close");
        assertEquals("third", nameOfNext(reader(accept())));
    }

    private WeakReference<AnswerReader> sendAndCancel() {
        AnswerReader reader = new Recorder();
        Exchange exchange = send("cancelled", reader);
        onLoop(() -> {
            exchange.cancel();
            return exchange.isDone();
        });
        return new WeakReference<>(reader);
    }
}
