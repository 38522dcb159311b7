package io.agenthub.ollama;

import io.agenthub.api.AsyncCloseable;
import io.agenthub.api.ErrorKind;
import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.api.enhance.ModelInfo;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.ollama.internal.http.ConnectionPool;
import io.agenthub.ollama.internal.http.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An asynchronous client for one Ollama, or for a server that speaks the OpenAI style. Thread-safe; never blocks; keeps the
 * stage contract of {@link io.agenthub.api}.
 *
 * <p>Stages fail with {@link OllamaException}, with {@link io.agenthub.api.bridge.CallTimeoutException} at the deadline, and
 * with {@link io.agenthub.api.BusyException} when all connections are in use and the queue is full. Cancelling a stage closes
 * its connection, so that the server stops working for it. A request on a kept connection that the server had closed already is
 * sent once more.
 *
 * @see <a href="https://docs.ollama.com/api">Ollama API</a>
 */
public final class OllamaClient implements AsyncCloseable {
    private final ConnectionPool pool;
    private final Dialect dialect;
    private final Scheduler scheduler;
    private final Executor executor;
    private final Duration timeout;
    private final int maxAnswerBytes;
    private final @Nullable String authorization;
    private final boolean nativeStyle;
    private final CompletionStage<Void> closed;

    OllamaClient(OllamaClientBuilder builder, ConnectionPool pool, Scheduler scheduler, CompletionStage<Void> closed) {
        this.pool = pool;
        this.scheduler = scheduler;
        this.closed = closed;
        this.executor = builder.executor();
        this.timeout = builder.timeout();
        this.maxAnswerBytes = builder.maxAnswerBytes();
        this.authorization = builder.authorization();
        this.nativeStyle = builder.apiStyle() == ApiStyle.NATIVE;
        this.dialect = nativeStyle ? new NativeDialect() : new OpenAiDialect();
    }

    /**
     * Begins a client.
     *
     * @return a builder with every default
     */
    public static OllamaClientBuilder builder() {
        return new OllamaClientBuilder();
    }

    /**
     * Continues a conversation.
     *
     * @param request what the model is asked
     * @return the whole answer
     */
    public CompletionStage<Answer> chat(ModelRequest request) {
        return single(
                request(
                        dialect.chatPath(),
                        dialect.chatBody(request, false),
                        request.timeout().orElse(timeout)),
                dialect::answer);
    }

    /**
     * Continues a conversation, and shows the answer while it grows.
     *
     * @param request what the model is asked
     * @param listener receives the pieces; holding back its stages holds back the server
     * @return the whole answer, after the last piece was taken
     */
    public CompletionStage<Answer> chat(ModelRequest request, StreamListener<Piece> listener) {
        return streamed(
                request(
                        dialect.chatPath(),
                        dialect.chatBody(request, true),
                        request.timeout().orElse(timeout)),
                dialect.stream(maxAnswerBytes),
                listener);
    }

    /**
     * Answers one prompt.
     *
     * @param request what the model is asked
     * @return the whole answer
     */
    public CompletionStage<Answer> generate(ModelRequest request) {
        return single(
                request(
                        dialect.generatePath(),
                        dialect.generateBody(request, false),
                        request.timeout().orElse(timeout)),
                dialect::answer);
    }

    /**
     * Answers one prompt, and shows the answer while it grows.
     *
     * @param request what the model is asked
     * @param listener receives the pieces; holding back its stages holds back the server
     * @return the whole answer, after the last piece was taken
     */
    public CompletionStage<Answer> generate(ModelRequest request, StreamListener<Piece> listener) {
        return streamed(
                request(
                        dialect.generatePath(),
                        dialect.generateBody(request, true),
                        request.timeout().orElse(timeout)),
                dialect.stream(maxAnswerBytes),
                listener);
    }

    /**
     * The models the server has.
     *
     * @return the models, ordered by name
     */
    public CompletionStage<List<ModelInfo>> models() {
        return single(request(dialect.modelsPath(), null, timeout), dialect::models);
    }

    /**
     * All the server tells about a model. Native style only.
     *
     * @param model its name
     * @return the details
     */
    public CompletionStage<ModelDetails> show(String model) {
        Objects.requireNonNull(model);
        return nativeOnly(
                "show",
                () -> single(
                        request("/api/show", JsonText.ofValue(Map.of("model", model)), timeout),
                        OllamaClient::details));
    }

    private static ModelDetails details(JsonText body) {
        JsonText details = Json.section(body, "details");
        return new ModelDetails(
                Json.list(body, "capabilities").stream()
                        .flatMap(capability -> capability.string().stream())
                        .toList(),
                Json.string(details, "family"),
                Json.string(details, "parameter_size"),
                Json.string(details, "quantization_level"),
                body);
    }

    /**
     * The version of the server. Native style only.
     *
     * @return such as {@code 0.17.1}
     */
    public CompletionStage<String> version() {
        return nativeOnly(
                "version",
                () -> single(
                        request("/api/version", null, timeout),
                        body -> Json.string(body, "version")
                                .orElseThrow(() -> OllamaException.garbage("it names no version", null))));
    }

    /**
     * Turns texts into vectors that are close when the meanings are.
     *
     * @param model an embedding model
     * @param inputs the texts
     * @return one vector for each text, in their order
     */
    public CompletionStage<List<float[]>> embed(String model, List<String> inputs) {
        return embed(model, inputs, timeout);
    }

    CompletionStage<List<float[]>> embed(String model, List<String> inputs, Duration within) {
        Objects.requireNonNull(model);
        int wanted = inputs.size();
        JsonText body = JsonText.ofValue(Map.of("model", model, "input", inputs));
        return single(request(dialect.embedPath(), body, within), answer -> {
            List<float[]> vectors = dialect.embeddings(answer);
            if (vectors.size() != wanted) {
                throw OllamaException.garbage(vectors.size() + " embeddings for " + wanted + " texts", null);
            }
            return List.copyOf(vectors);
        });
    }

    /**
     * Downloads a model. Native style only. Cancelling the stage stops the download; the next one goes on from there.
     *
     * @param model its name
     * @param timeout the time until it must be complete
     * @param listener hears how far it is
     * @return the last progress, when the model can be used
     * @throws IllegalArgumentException if the timeout is not more than 0, or more than 36,500 days
     */
    public CompletionStage<PullProgress> pull(String model, Duration timeout, StreamListener<PullProgress> listener) {
        Objects.requireNonNull(model);
        ModelRequest.checkTimeout(timeout);
        return nativeOnly(
                "pull",
                () -> streamed(
                        request("/api/pull", JsonText.ofValue(Map.of("model", model)), timeout),
                        new PullFold(),
                        listener));
    }

    private <R> CompletionStage<R> nativeOnly(String operation, Supplier<CompletionStage<R>> call) {
        return nativeStyle
                ? call.get()
                : Promise.failed(new OllamaException(
                        ErrorKind.BAD_REQUEST,
                        operation + " is not part of the OpenAI style; use ApiStyle.NATIVE",
                        0,
                        false,
                        null));
    }

    private Request request(String path, @Nullable JsonText body, Duration within) {
        return new Request(path, body, within, authorization);
    }

    private <R> CompletionStage<R> single(Request request, Function<JsonText, R> meaning) {
        return send(new SingleCall<>(executor, request, maxAnswerBytes, meaning));
    }

    private <T, R> CompletionStage<R> streamed(Request request, LineFold<T, R> fold, StreamListener<T> listener) {
        Objects.requireNonNull(listener);
        return send(new StreamCall<>(executor, scheduler, request, maxAnswerBytes, fold, listener));
    }

    private <R> CompletionStage<R> send(Call<R> call) {
        pool.send(call.request, call);
        return call;
    }

    /** Fails what is under way, closes every connection, and ends the threads that the client made. */
    @Override
    public CompletionStage<Void> closeAsync() {
        pool.closeAsync();
        return closed;
    }

    /** Shows where the server is, and no credential. */
    @Override
    public String toString() {
        return "OllamaClient[" + pool.endpoint() + ", " + (nativeStyle ? ApiStyle.NATIVE : ApiStyle.OPENAI) + "]";
    }
}
