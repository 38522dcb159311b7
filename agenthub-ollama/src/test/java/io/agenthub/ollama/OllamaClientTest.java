package io.agenthub.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.BusyException;
import io.agenthub.api.ErrorKind;
import io.agenthub.api.Promise;
import io.agenthub.api.bridge.CallTimeoutException;
import io.agenthub.api.enhance.ModelInfo;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.ollama.fake.FakeFault;
import io.agenthub.ollama.fake.FakeModel;
import io.agenthub.ollama.fake.FakeRequest;
import io.agenthub.tck.Await;
import io.agenthub.tck.TckContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class OllamaClientTest extends OllamaTest {

    private static StreamListener<Piece> into(List<String> texts) {
        return piece -> {
            texts.add(piece.text());
            return Promise.done();
        };
    }

    @Test
    void a_conversation_is_answered_as_a_whole() {
        Answer answer = Await.value(client().chat(ask("why?").build()));

        assertEquals("Improved: why?", answer.text());
        assertEquals(Optional.of("stop"), answer.doneReason());
        assertEquals(OptionalLong.of(11), answer.promptTokens());
        assertEquals(OptionalLong.of(18), answer.answerTokens());
        assertEquals(MODEL, answer.model());
    }

    @Test
    void a_conversation_is_answered_piece_by_piece_in_order() {
        List<String> pieces = new CopyOnWriteArrayList<>();

        Answer answer = Await.value(client().chat(ask("why?").build(), into(pieces)));

        assertEquals(List.of("Improved", ": ", "why?"), pieces);
        assertEquals("Improved: why?", answer.text());
    }

    @Test
    void a_prompt_is_answered_as_a_whole_and_piece_by_piece() {
        OllamaClient client = client();
        List<String> pieces = new CopyOnWriteArrayList<>();
        ModelRequest request = ask("why?").system("Be brief.").build();

        assertEquals("Improved: why?", Await.value(client.generate(request)).text());
        assertEquals(
                "Improved: why?",
                Await.value(client.generate(request, into(pieces))).text());

        assertEquals(List.of("Improved", ": ", "why?"), pieces);
        JsonText sent = ollama.requests("/api/generate").get(0).json();
        assertEquals(JsonText.quote("Be brief."), sent.member("system").orElseThrow());
        assertEquals(JsonText.quote("why?"), sent.member("prompt").orElseThrow());
    }

    @Test
    void everything_that_was_asked_for_is_on_the_wire_in_the_words_of_the_api() {
        ModelRequest request = ModelRequest.builder(MODEL)
                .system("Be brief.")
                .user("why?")
                .temperature(0.3)
                .maxTokens(500)
                .option("seed", 7)
                .think(false)
                .format(JsonText.quote("json"))
                .keepAlive(Duration.ofMinutes(5))
                .build();

        Await.value(client().chat(request));

        FakeRequest sent = ollama.requests("/api/chat").get(0);
        JsonText body = sent.json();
        assertEquals("application/json", sent.headers().get("content-type"));
        assertEquals("[\"system\",\"user\"]", JsonText.array(roles(body)).toString());
        assertEquals("false", body.member("stream").orElseThrow().toString());
        assertEquals("false", body.member("think").orElseThrow().toString());
        assertEquals("\"json\"", body.member("format").orElseThrow().toString());
        assertEquals("\"300000ms\"", body.member("keep_alive").orElseThrow().toString());
        assertEquals("0.3", body.at("/options/temperature").orElseThrow().toString());
        assertEquals("500", body.at("/options/num_predict").orElseThrow().toString());
        assertEquals("7", body.at("/options/seed").orElseThrow().toString());
    }

    private static List<JsonText> roles(JsonText body) {
        return body.member("messages").orElseThrow().elements().stream()
                .map(message -> message.member("role").orElseThrow())
                .toList();
    }

    @Test
    void a_model_is_kept_for_ever_by_a_negative_time() {
        Await.value(client().chat(ask("why?").keepAlive(Duration.ofSeconds(-1)).build()));

        assertEquals(
                "-1",
                ollama.requests()
                        .get(0)
                        .json()
                        .member("keep_alive")
                        .orElseThrow()
                        .toString());
    }

    @Test
    void reasoning_is_kept_apart_from_the_answer() {
        ollama.model(MODEL, FakeModel.improving().thinking("Let me ", "see."));
        List<String> pieces = new CopyOnWriteArrayList<>();
        OllamaClient client = client();

        Answer whole = Await.value(client.chat(ask("why?").build()));
        Answer streamed = Await.value(client.chat(ask("why?").build(), into(pieces)));
        Answer generated = Await.value(client.generate(ask("why?").build()));

        for (Answer answer : List.of(whole, streamed, generated)) {
            assertEquals("Improved: why?", answer.text());
            assertEquals("Let me see.", answer.thinking());
        }
        assertEquals("Improved: why?", String.join("", pieces));
    }

    @Test
    void models_are_listed_by_name() {
        ollama.model("all-minilm", FakeModel.improving());

        List<ModelInfo> models = Await.value(client().models());

        assertEquals(
                List.of("all-minilm:latest", MODEL),
                models.stream().map(ModelInfo::name).toList());
        assertEquals(
                new ModelInfo(
                        MODEL,
                        OptionalLong.of(2_019_393_189),
                        Optional.of("llama"),
                        Optional.of("3.2B"),
                        Optional.of("Q4_K_M")),
                models.get(1));
    }

    @Test
    void a_model_is_shown() {
        ModelDetails details = Await.value(client().show(MODEL));

        assertEquals(List.of("completion", "thinking"), details.capabilities());
        assertEquals(Optional.of("3.2B"), details.parameters());
        assertTrue(details.raw().at("/model_info/llama.context_length").isPresent());
    }

    @Test
    void the_version_is_told() {
        assertEquals("0.17.1", Await.value(client().version()));
    }

    @Test
    void texts_are_embedded_in_their_order() {
        List<float[]> vectors = Await.value(client().embed(MODEL, List.of("blue sky", "sky blue", "red")));

        assertEquals(3, vectors.size());
        assertEquals(64, vectors.get(0).length);
        assertEquals(List.of(), differences(vectors.get(0), vectors.get(1)));
        assertTrue(!differences(vectors.get(0), vectors.get(2)).isEmpty());
    }

    private static List<Integer> differences(float[] a, float[] b) {
        List<Integer> differences = new ArrayList<>();
        for (int i = 0; i < a.length; i++) {
            if (a[i] != b[i]) {
                differences.add(i);
            }
        }
        return differences;
    }

    @Test
    void a_pull_reports_its_progress_and_the_model_can_be_used() {
        List<PullProgress> progress = new CopyOnWriteArrayList<>();
        OllamaClient client = client();

        PullProgress last = Await.value(client.pull("phi3:mini", Duration.ofMinutes(1), step -> {
            progress.add(step);
            return Promise.done();
        }));

        assertEquals("success", last.status());
        assertEquals(6, progress.size());
        assertEquals(OptionalLong.of(2_142_590_208L), progress.get(2).totalBytes());
        assertEquals(OptionalLong.of(241_970), progress.get(2).completedBytes());
        assertEquals(Optional.of("sha256:6a0746a1ec1a"), progress.get(2).digest());
        assertEquals(
                "Improved: hi",
                Await.value(client.chat(
                                ModelRequest.builder("phi3:mini").user("hi").build()))
                        .text());
    }

    @Test
    void a_pull_of_what_is_not_there_fails_with_the_words_of_the_server() {
        OllamaException failure = Await.failure(
                OllamaException.class, client().pull("missing", Duration.ofMinutes(1), step -> Promise.done()));

        assertTrue(failure.getMessage().contains("file does not exist"), failure.getMessage());
    }

    @Test
    void the_openai_style_answers_the_same() {
        ollama.model(MODEL, FakeModel.improving().thinking("Hmm."));
        List<String> pieces = new CopyOnWriteArrayList<>();
        OllamaClient client = openAi();

        Answer whole = Await.value(client.chat(ask("why?").maxTokens(9).build()));
        Answer streamed = Await.value(client.chat(ask("why?").build(), into(pieces)));
        Answer generated = Await.value(client.generate(ask("why?").build()));

        for (Answer answer : List.of(whole, streamed, generated)) {
            assertEquals("Improved: why?", answer.text());
            assertEquals("Hmm.", answer.thinking());
            assertEquals(OptionalLong.of(11), answer.promptTokens());
        }
        assertEquals(
                List.of("Improved", ": ", "why?"),
                pieces.stream().filter(p -> !p.isEmpty()).toList());
        assertEquals(3, ollama.requests("/v1/chat/completions").size());
        assertEquals(
                "9",
                ollama.requests()
                        .get(0)
                        .json()
                        .member("max_tokens")
                        .orElseThrow()
                        .toString());
    }

    @Test
    void the_openai_style_lists_models_and_embeds() {
        OllamaClient client = openAi();

        assertEquals(
                List.of(MODEL),
                Await.value(client.models()).stream().map(ModelInfo::name).toList());
        assertEquals(2, Await.value(client.embed(MODEL, List.of("a", "b"))).size());
    }

    @Test
    void what_the_openai_style_lacks_is_refused_without_a_request() {
        OllamaClient client = openAi();

        for (CompletionStage<?> call : List.of(
                client.version(), client.show(MODEL), client.pull(MODEL, Duration.ofSeconds(1), p -> Promise.done()))) {
            assertEquals(
                    ErrorKind.BAD_REQUEST,
                    Await.failure(OllamaException.class, call).kind());
        }
        assertEquals(List.of(), ollama.requests());
    }

    @Test
    void an_unknown_model_is_not_found_in_either_style() {
        ModelRequest request = ModelRequest.builder("nope").user("hi").build();

        for (OllamaClient client : List.of(client(), openAi())) {
            for (CompletionStage<Answer> call :
                    List.of(client.chat(request), client.chat(request, piece -> Promise.done()))) {
                OllamaException failure = Await.failure(OllamaException.class, call);
                assertTrue(failure.isNotFound());
                assertTrue(failure.getMessage().contains("model 'nope' not found"), failure.getMessage());
            }
        }
    }

    @Test
    void the_key_is_sent_as_a_bearer_token_and_shown_nowhere() {
        OllamaClient client = opened(builder().apiKey("s3cret-key").build());

        Await.value(client.chat(ask("why?").build()));

        assertEquals("Bearer s3cret-key", ollama.requests().get(0).headers().get("authorization"));
        assertTrue(!client.toString().contains("s3cret"));
    }

    @Test
    void one_connection_carries_many_requests() {
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
    void a_request_on_a_connection_that_the_server_has_closed_is_sent_once_more() {
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
    void more_requests_than_connections_wait_their_turn() {
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
    void a_full_queue_refuses_at_once() {
        ollama.spoil(FakeFault.HANG);
        OllamaClient client = opened(builder().maxConnections(1).build());
        List<CompletionStage<Answer>> calls = new ArrayList<>();

        for (int i = 0; i < 66; i++) {
            calls.add(client.chat(ask("" + i).build()));
        }

        Await.failure(BusyException.class, calls.get(65));
        assertTrue(calls.subList(0, 65).stream()
                .noneMatch(call -> call.toCompletableFuture().isDone()));
    }

    @Test
    void cancelling_closes_the_connection_and_makes_room() {
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
    void a_cancelled_request_that_waits_is_never_sent() {
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
    void a_deadline_ends_the_request_and_closes_the_connection() {
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
    void a_deadline_ends_a_listener_that_never_takes_a_piece() {
        CompletableFuture<Void> never = new CompletableFuture<>();

        Await.failure(
                CallTimeoutException.class,
                client().chat(ask("why?").timeout(Duration.ofMillis(300)).build(), piece -> never));
    }

    @Test
    void a_listener_that_throws_fails_the_request_and_closes_the_connection() {
        IllegalStateException thrown = new IllegalStateException("enough");

        Throwable failure = Await.failure(client().chat(ask("why?").build(), piece -> {
            throw thrown;
        }));

        assertEquals(thrown, failure);
        Await.until("the request is over", () -> ollama.openConnections() <= 1);
    }

    @Test
    void nobody_there_is_unreachable_and_nothing_was_sent() throws Exception {
        OllamaClient client = client();
        ollama.close();

        OllamaException failure =
                Await.failure(OllamaException.class, client.chat(ask("why?").build()));

        assertEquals(ErrorKind.SPAWN_FAILED, failure.kind());
        assertEquals(false, failure.dispatched());
    }

    @Test
    void closing_fails_what_is_under_way_and_what_comes_later() {
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
    void stages_complete_on_the_given_executor_and_cannot_be_completed_by_their_receiver() {
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
    void a_client_without_a_hub_works_and_leaves_no_thread() {
        OllamaClient alone = OllamaClient.builder().baseUrl(ollama.url()).build();

        assertEquals("0.17.1", Await.value(alone.version()));
        Await.value(alone.closeAsync());

        Await.until(
                "its event loop has ended",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("agenthub-ollama-io")));
    }

    @Test
    void another_machine_is_refused_unless_allowed() {
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
    void a_name_that_means_nothing_is_unreachable() {
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
    void a_base_url_may_have_a_path_and_name_localhost() {
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
    void what_is_no_plain_http_url_is_refused_with_the_reason() {
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
