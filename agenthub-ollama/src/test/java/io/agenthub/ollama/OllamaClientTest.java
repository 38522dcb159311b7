package io.agenthub.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ErrorKind;
import io.agenthub.api.Promise;
import io.agenthub.api.enhance.ModelInfo;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.ollama.fake.FakeModel;
import io.agenthub.ollama.fake.FakeRequest;
import io.agenthub.tck.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What is asked of a server and what it answers, in either of its styles. */
class OllamaClientTest extends OllamaTest {
    private static StreamListener<Piece> into(List<String> texts) {
        return piece -> {
            texts.add(piece.text());
            return Promise.done();
        };
    }

    @Test
    void aConversationIsAnsweredAsAWhole() {
        Answer answer = Await.value(client().chat(ask("why?").build()));

        assertEquals("Improved: why?", answer.text());
        assertEquals(Optional.of("stop"), answer.doneReason());
        assertEquals(OptionalLong.of(11), answer.promptTokens());
        assertEquals(OptionalLong.of(18), answer.answerTokens());
        assertEquals(MODEL, answer.model());
    }

    @Test
    void aConversationIsAnsweredPieceByPieceInOrder() {
        List<String> pieces = new CopyOnWriteArrayList<>();

        Answer answer = Await.value(client().chat(ask("why?").build(), into(pieces)));

        assertEquals(List.of("Improved", ": ", "why?"), pieces);
        assertEquals("Improved: why?", answer.text());
    }

    @Test
    void anErrorThatAListenerThrowsEndsItsAnswer() {
        AssertionError thrown = new AssertionError("not expected");
        StreamListener<Piece> broken = piece -> {
            throw thrown;
        };
        CompletionStage<Answer> answer = client().chat(ask("why?").build(), broken);

        assertSame(thrown, Await.outcome(Await.PATIENCE, answer).failure());
    }

    @Test
    void aPromptIsAnsweredAsAWholeAndPieceByPiece() {
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
    void everythingThatWasAskedForIsOnTheWireInTheWordsOfTheApi() {
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
    void aModelIsKeptForEverByANegativeTime() {
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
    void reasoningIsKeptApartFromTheAnswer() {
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
    void modelsAreListedByName() {
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
    void aModelIsShown() {
        ModelDetails details = Await.value(client().show(MODEL));

        assertEquals(List.of("completion", "thinking"), details.capabilities());
        assertEquals(Optional.of("3.2B"), details.parameters());
        assertTrue(details.raw().at("/model_info/llama.context_length").isPresent());
    }

    @Test
    void theVersionIsTold() {
        assertEquals("0.17.1", Await.value(client().version()));
    }

    @Test
    void textsAreEmbeddedInTheirOrder() {
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
    void aPullReportsItsProgressAndTheModelCanBeUsed() {
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
    void aPullOfWhatIsNotThereFailsWithTheWordsOfTheServer() {
        OllamaException failure = Await.failure(
                OllamaException.class, client().pull("missing", Duration.ofMinutes(1), step -> Promise.done()));

        assertTrue(failure.getMessage().contains("file does not exist"), failure.getMessage());
    }

    @Test
    void theOpenaiStyleAnswersTheSame() {
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
    void theOpenaiStyleListsModelsAndEmbeds() {
        OllamaClient client = openAi();

        assertEquals(
                List.of(MODEL),
                Await.value(client.models()).stream().map(ModelInfo::name).toList());
        assertEquals(2, Await.value(client.embed(MODEL, List.of("a", "b"))).size());
    }

    @Test
    void whatTheOpenaiStyleLacksIsRefusedWithoutARequest() {
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
    void anUnknownModelIsNotFoundInEitherStyle() {
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
    void theKeyIsSentAsABearerTokenAndShownNowhere() {
        OllamaClient client = opened(builder().apiKey("s3cret-key").build());

        Await.value(client.chat(ask("why?").build()));

        assertEquals("Bearer s3cret-key", ollama.requests().get(0).headers().get("authorization"));
        assertTrue(!client.toString().contains("s3cret"));
    }
}
