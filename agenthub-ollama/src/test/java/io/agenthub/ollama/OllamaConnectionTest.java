package io.agenthub.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.BusyException;
import io.agenthub.api.ErrorKind;
import io.agenthub.api.Promise;
import io.agenthub.api.bridge.CallTimeoutException;
import io.agenthub.ollama.fake.FakeFault;
import io.agenthub.tck.Await;
import io.agenthub.tck.TckContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Connections, their bounds and their ends. */
class OllamaConnectionTest extends OllamaTest {
    @Test
    void oneConnectionCarriesManyRequests() {
        OllamaClient client = client();

        for (int i = 0; i < 20; i++) {
            assertEquals(
                    "Improved: " + i,
                    Await.value(client.chat(ask("" + i).build())).text());
            Await.value(client.chat(ask("" + i).build(), piece -> Promise.done()));
        }

        assertEquals(1, ollama.connections());
    }

    @Test
    void aRequestOnAConnectionThatTheServerHasClosedIsSentOnceMore() {
        ollama.spoilOnce(FakeFault.CLOSE_AFTERWARDS);
        OllamaClient client = client();

        for (int i = 0; i < 5; i++) {
            assertEquals(
                    "Improved: " + i,
                    Await.value(client.chat(ask("" + i).build())).text());
        }

        assertEquals(2, ollama.connections());
    }

    @Test
    void moreRequestsThanConnectionsWaitTheirTurn() {
        OllamaClient client = opened(builder().maxConnections(2).build());
        List<CompletionStage<Answer>> calls = new ArrayList<>();

        for (int i = 0; i < 50; i++) {
            calls.add(client.chat(ask("" + i).build()));
        }

        for (int i = 0; i < 50; i++) {
            assertEquals("Improved: " + i, Await.value(calls.get(i)).text());
        }
        assertTrue(ollama.connections() <= 2, ollama.connections() + " connections");
    }

    @Test
    void aFullQueueRefusesAtOnce() {
        ollama.spoil(FakeFault.HANG);
        OllamaClient client = opened(builder().maxConnections(1).build());
        List<CompletionStage<Answer>> calls = new ArrayList<>();

        for (int i = 0; i < 66; i++) {
            calls.add(client.chat(ask("" + i).build()));
        }

        BusyException busy = Await.failure(BusyException.class, calls.get(65));
        assertEquals("maxConnections", busy.bound());
        assertEquals(1, busy.limit());
        assertTrue(calls.subList(0, 65).stream()
                .noneMatch(call -> call.toCompletableFuture().isDone()));
    }

    @Test
    void cancellingClosesTheConnectionAndMakesRoom() {
        ollama.spoilOnce(FakeFault.HANG);
        OllamaClient client = opened(builder().maxConnections(1).build());
        CompletableFuture<Answer> hung = client.chat(ask("hang").build()).toCompletableFuture();
        CompletionStage<Answer> next = client.chat(ask("next").build());
        Await.until("the request arrived", () -> ollama.requests().size() == 1);

        assertTrue(hung.cancel(true));

        assertEquals("Improved: next", Await.value(next).text());
        Await.until("the hung connection is closed", () -> ollama.openConnections() == 1);
    }

    @Test
    void aCancelledRequestThatWaitsIsNeverSent() {
        ollama.spoilOnce(FakeFault.HANG);
        OllamaClient client = opened(builder().maxConnections(1).build());
        CompletableFuture<Answer> hung = client.chat(ask("hang").build()).toCompletableFuture();
        CompletableFuture<Answer> waiting = client.chat(ask("waits").build()).toCompletableFuture();
        CompletionStage<Answer> last = client.chat(ask("last").build());
        Await.until("the request arrived", () -> ollama.requests().size() == 1);

        waiting.cancel(true);
        hung.cancel(true);

        assertEquals("Improved: last", Await.value(last).text());
        assertEquals(2, ollama.requests().size());
    }

    @Test
    void aDeadlineEndsTheRequestAndClosesTheConnection() {
        ollama.spoil(FakeFault.HANG);
        OllamaClient client = client();
        long start = System.nanoTime();

        CallTimeoutException failure = Await.failure(
                CallTimeoutException.class,
                client.chat(ask("hang").timeout(Duration.ofMillis(300)).build()));

        assertTrue(failure.dispatched());
        assertEquals(Duration.ofMillis(300), failure.timeout());
        assertTrue(System.nanoTime() - start >= 300_000_000L);
        Await.until("the connection is closed", () -> ollama.openConnections() == 0);
    }

    @Test
    void aDeadlineEndsAListenerThatNeverTakesAPiece() {
        CompletableFuture<Void> never = new CompletableFuture<>();

        Await.failure(
                CallTimeoutException.class,
                client().chat(ask("why?").timeout(Duration.ofMillis(300)).build(), piece -> never));
    }

    @Test
    void aListenerThatThrowsFailsTheRequestAndClosesTheConnection() {
        IllegalStateException thrown = new IllegalStateException("enough");

        Throwable failure = Await.failure(client().chat(ask("why?").build(), piece -> {
            throw thrown;
        }));

        assertEquals(thrown, failure);
        Await.until("the request is over", () -> ollama.openConnections() <= 1);
    }

    @Test
    void nobodyThereIsUnreachableAndNothingWasSent() throws Exception {
        OllamaClient client = client();
        ollama.close();

        OllamaException failure =
                Await.failure(OllamaException.class, client.chat(ask("why?").build()));

        assertEquals(ErrorKind.SPAWN_FAILED, failure.kind());
        assertEquals(false, failure.dispatched());
    }

    @Test
    void closingFailsWhatIsUnderWayAndWhatComesLater() {
        ollama.spoil(FakeFault.HANG);
        OllamaClient client = client();
        CompletionStage<Answer> hung = client.chat(ask("hang").build());
        Await.until("the request arrived", () -> ollama.requests().size() == 1);

        CompletionStage<Void> closed = client.closeAsync();

        Await.value(closed);
        assertEquals(closed, client.closeAsync());
        for (CompletionStage<Answer> call :
                List.of(hung, client.chat(ask("late").build()))) {
            assertEquals(
                    ErrorKind.SHUTTING_DOWN,
                    Await.failure(OllamaException.class, call).kind());
        }
        Await.until("no connection is left", () -> ollama.openConnections() == 0);
    }

    @Test
    void stagesCompleteOnTheGivenExecutorAndCannotBeCompletedByTheirReceiver() {
        CompletionStage<Answer> call = client().chat(ask("why?").build());

        assertThrows(
                UnsupportedOperationException.class,
                () -> call.toCompletableFuture().complete(null));
        assertTrue(TckContext.isCallback(threadOf(client().chat(ask("why?").build()))));
    }

    private static Thread threadOf(CompletionStage<?> stage) {
        return Await.outcome(Await.PATIENCE, stage).thread();
    }

    @Test
    void aClientWithoutAHubWorksAndLeavesNoThread() {
        OllamaClient alone = OllamaClient.builder().baseUrl(ollama.url()).build();

        assertEquals("0.17.1", Await.value(alone.version()));
        Await.value(alone.closeAsync());

        Await.until(
                "its event loop has ended",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("agenthub-ollama-io")));
    }

    @Test
    void anotherMachineIsRefusedUnlessAllowed() {
        for (String url : List.of("http://192.0.2.1:11434", "http://ollama.example", "http://0.0.0.0:11434")) {
            IllegalArgumentException refusal = assertThrows(
                    IllegalArgumentException.class,
                    () -> OllamaClient.builder().baseUrl(url).build());
            assertTrue(refusal.getMessage().contains("allowRemote"), refusal.getMessage());
            opened(OllamaClient.builder()
                    .baseUrl(url)
                    .allowRemote(true)
                    .context(context)
                    .build());
        }
    }

    @Test
    void aNameThatMeansNothingIsUnreachable() {
        OllamaClient client = opened(OllamaClient.builder()
                .baseUrl("http://nowhere.invalid")
                .allowRemote(true)
                .context(context)
                .build());

        assertEquals(
                ErrorKind.SPAWN_FAILED,
                Await.failure(OllamaException.class, client.version()).kind());
    }

    @Test
    void aBaseUrlMayHaveAPathAndNameLocalhost() {
        OllamaClient client = opened(OllamaClient.builder()
                .baseUrl("http://localhost:" + ollama.port() + "/proxy/")
                .context(context)
                .build());

        Await.failure(OllamaException.class, client.version());

        assertEquals("/proxy/api/version", ollama.requests().get(0).path());
        assertEquals(
                "localhost:" + ollama.port(), ollama.requests().get(0).headers().get("host"));
    }

    @Test
    void whatIsNoPlainHttpUrlIsRefusedWithTheReason() {
        for (String url : List.of(
                "ollama",
                "https://127.0.0.1",
                "http://user@127.0.0.1",
                "http://127.0.0.1?x=1",
                "http://",
                "http://[",
                "")) {
            assertThrows(
                    IllegalArgumentException.class, () -> OllamaClient.builder().baseUrl(url), url);
        }
    }
}
