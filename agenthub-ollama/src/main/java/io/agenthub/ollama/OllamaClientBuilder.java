package io.agenthub.ollama;

import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.api.spi.ProviderContext;
import io.agenthub.ollama.internal.http.ConnectionPool;
import io.agenthub.ollama.internal.http.Endpoint;
import io.agenthub.ollama.internal.http.HttpLimits;
import io.agenthub.ollama.internal.http.LoopScheduler;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/** Collects an {@link OllamaClient}. Not thread-safe. */
public final class OllamaClientBuilder {
    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);
    private static final int MAX_QUEUED = 64;
    private static final int OLLAMA_PORT = 11_434;

    private Endpoint endpoint = Endpoint.parse("http://127.0.0.1", OLLAMA_PORT);
    private ApiStyle apiStyle = ApiStyle.NATIVE;
    private @Nullable String apiKey;
    private boolean allowRemote;
    private Duration timeout = Duration.ofSeconds(30);
    private int maxConnections = 8;
    private int maxAnswerBytes = 1 << 20;
    private @Nullable ProviderContext context;
    private @Nullable Executor executor;

    OllamaClientBuilder() {}

    /**
     * Where the server is.
     *
     * @param url a plain HTTP URL; default {@code http://127.0.0.1:11434}
     * @return this
     * @throws IllegalArgumentException if it is not one
     */
    public OllamaClientBuilder baseUrl(String url) {
        try {
            endpoint = Endpoint.parse(url, OLLAMA_PORT);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("baseUrl '" + url + "' " + e.getMessage(), e);
        }
        return this;
    }

    /**
     * Which API it speaks.
     *
     * @param value default {@link ApiStyle#NATIVE}
     * @return this
     */
    public OllamaClientBuilder apiStyle(ApiStyle value) {
        apiStyle = Objects.requireNonNull(value);
        return this;
    }

    /**
     * A key for servers that want one, sent as a bearer token and never shown.
     *
     * @param value the key; by default none is sent
     * @return this
     * @throws IllegalArgumentException if it is blank or has characters that a header cannot carry
     */
    public OllamaClientBuilder apiKey(String value) {
        if (value.isBlank() || !value.chars().allMatch(c -> c > 0x20 && c < 0x7F)) {
            throw new IllegalArgumentException("apiKey must be visible ASCII characters");
        }
        apiKey = value;
        return this;
    }

    /**
     * Whether the server may be on another machine. What is sent there leaves this one, unencrypted.
     *
     * @param value default false: only {@code localhost} and loopback addresses
     * @return this
     */
    public OllamaClientBuilder allowRemote(boolean value) {
        allowRemote = value;
        return this;
    }

    /**
     * The time until an answer must be complete, for requests that name none.
     *
     * @param value more than 0, at most 36,500 days; default 30 s
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public OllamaClientBuilder timeout(Duration value) {
        ModelRequest.checkTimeout(value);
        timeout = value;
        return this;
    }

    /**
     * How many requests run at once; up to 64 more wait.
     *
     * @param value 1 to 1,024; default 8
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public OllamaClientBuilder maxConnections(int value) {
        maxConnections = new HttpLimits(value, MAX_QUEUED, IDLE_TIMEOUT).maxConnections();
        return this;
    }

    /**
     * The longest answer: the body of a single one, and the text or any line of a streamed one.
     *
     * @param value 1 KiB to 1 GiB; default 1 MiB
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public OllamaClientBuilder maxAnswerBytes(int value) {
        if (value < 1 << 10 || value > 1 << 30) {
            throw new IllegalArgumentException(
                    "maxAnswerBytes is " + value + ", must be between " + (1 << 10) + " and " + (1 << 30));
        }
        maxAnswerBytes = value;
        return this;
    }

    /**
     * What a hub lends: its event loops, its scheduler and its executor.
     *
     * @param value by default the client makes an event loop of its own
     * @return this
     */
    public OllamaClientBuilder context(ProviderContext value) {
        context = Objects.requireNonNull(value);
        return this;
    }

    /**
     * Where stages complete and listeners are called.
     *
     * @param value by default the context's executor, else the JDK's common pool
     * @return this
     */
    public OllamaClientBuilder executor(Executor value) {
        executor = Objects.requireNonNull(value);
        return this;
    }

    Executor executor() {
        return executor != null ? executor : context != null ? context.executor() : ForkJoinPool.commonPool();
    }

    Duration timeout() {
        return timeout;
    }

    int maxAnswerBytes() {
        return maxAnswerBytes;
    }

    ApiStyle apiStyle() {
        return apiStyle;
    }

    @Nullable
    String authorization() {
        return apiKey == null ? null : "Bearer " + apiKey;
    }

    /**
     * Makes the client. Opens no connection yet.
     *
     * @return the client, to be closed
     * @throws IllegalArgumentException if the server is on another machine and that was not allowed
     */
    public OllamaClient build() {
        if (!allowRemote && !endpoint.isLoopback()) {
            throw new IllegalArgumentException("baseUrl '" + endpoint
                    + "' is not on this machine; set allowRemote if prompts may leave it, unencrypted");
        }
        Optional<EventLoopGroup> lent = context == null ? Optional.empty() : context.shared(EventLoopGroup.class);
        OwnLoop own = lent.isPresent() ? null : new OwnLoop();
        EventLoop loop = own == null ? lent.orElseThrow().next() : own.loop();
        Scheduler scheduler = context == null ? new LoopScheduler(loop) : context.scheduler();
        ConnectionPool pool =
                new ConnectionPool(endpoint, new HttpLimits(maxConnections, MAX_QUEUED, IDLE_TIMEOUT), loop, scheduler);
        return new OllamaClient(this, pool, scheduler, closed(pool, own));
    }

    /** What {@code closeAsync} returns: the pool's end, then that of the loop the client made. */
    private CompletionStage<Void> closed(ConnectionPool pool, @Nullable OwnLoop own) {
        Promise<Void> closed = new Promise<>(executor());
        pool.whenClosed().thenRun(() -> {
            if (own == null) {
                closed.succeed();
            } else {
                own.end(closed);
            }
        });
        return closed;
    }
}
