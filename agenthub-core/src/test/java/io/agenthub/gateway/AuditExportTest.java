package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.tck.Await;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An export of any length goes out as fast as its reader takes it, and no faster. */
class AuditExportTest {
    /** A line is longer than this many bytes. */
    private static final long LEAST_LINE = 180;

    private static final long ROWS = Long.getLong("agenthub.export.rows", 100_000);

    private final GatewayHarness harness = GatewayHarness.open();

    @AfterEach
    void close() {
        harness.close();
    }

    private LongStore store(long rows) {
        LongStore store = new LongStore(rows);
        harness.hub.store = Optional.of(store);
        return store;
    }

    private Socket ask(String query) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(16_384);
        socket.setSoTimeout(30_000);
        socket.connect(harness.address);
        String request = "GET /audit/activity/export" + query + " HTTP/1.1\r\nHost: " + harness.host()
                + "\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @ParameterizedTest
    @CsvSource({"'',application/jsonl, 0", "?format=jsonl,application/jsonl, 0", "?format=csv,text/csv, 1"})
    void everyRowArrivesOnceInOrder(String query, String type, int headings) throws Exception {
        store(ROWS);
        HttpResponse<Stream<String>> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create("http://" + harness.host() + "/audit/activity/export" + query))
                                .build(),
                        BodyHandlers.ofLines());
        assertEquals(200, answer.statusCode());
        assertTrue(answer.headers().firstValue("content-type").orElse("").startsWith(type));
        AtomicLong expected = new AtomicLong(ROWS + headings);
        CompletableFuture.delayedExecutor(90, TimeUnit.SECONDS).execute(answer.body()::close);
        try (Stream<String> lines = answer.body()) {
            lines.forEach(line -> {
                long sequence = expected.getAndDecrement();
                String begin = headings == 1
                        ? (sequence > ROWS ? "sequence," : sequence + ",")
                        : "{\"sequence\":" + sequence + ",";
                assertTrue(line.startsWith(begin), () -> "expected " + begin + ", got " + line);
            });
        }
        assertEquals(0, expected.get());
    }

    @Test
    void aReaderThatTakesNothingIsNotReadAheadFor() throws IOException {
        LongStore store = store(10_000_000);
        try (Socket socket = ask("")) {
            Await.until("the export begins", () -> store.pages.get() > 0);
            Await.until("it rests", this::rests);
            int pages = store.pages.get();
            assertTrue(pages <= 20, "a few pages fill what lies between: " + pages);
            byte[] taken = new byte[1_024 * 1_024];
            int wanted = 8 * taken.length;
            for (int n = 0; n < wanted; ) {
                int read = socket.getInputStream().read(taken);
                assertTrue(read > 0, "the export ended early");
                n += read;
            }
            Await.until("it goes on as it is read", () -> store.pages.get() > pages);
            Await.until("it rests again", this::rests);
            long made = store.rows.get() * LEAST_LINE;
            assertTrue(made <= wanted + 2 * taken.length, () -> "and no faster: " + made);
        }
        Await.until("a reader that leaves ends it", this::rests);
        assertTrue(store.rows.get() < 100_000, () -> "the rest was not read: " + store.rows.get());
    }

    /** No page was asked for within the time of a hundred looks. */
    private boolean rests() {
        LongStore store = (LongStore) harness.hub.store.orElseThrow();
        int before = store.pages.get();
        long until = System.nanoTime() + 300_000_000L;
        while (System.nanoTime() < until) {
            if (store.pages.get() != before) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }
}
