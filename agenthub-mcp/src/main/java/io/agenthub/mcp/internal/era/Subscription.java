package io.agenthub.mcp.internal.era;

import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.BridgeListener;
import io.agenthub.api.bridge.ClientProfile;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a stateless server tells outside any call, by one {@code subscriptions/listen} request that is held open as long as the
 * connection. Thread-safe.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/subscriptions">MCP 2026-07-28,
 *     Subscriptions</a>
 */
final class Subscription {
    /*
     * What is listened to is fixed when a stream is opened. To change it, another stream is opened, and the one before is ended
     * once the new one is acknowledged, so that nothing is missed in between. Only one is being opened at a time; what is
     * wanted meanwhile waits for the next.
     *
     * Promises, requests and the listener are called outside the lock.
     */
    static final String METHOD = "subscriptions/listen";
    private static final String ACKNOWLEDGED = "notifications/subscriptions/acknowledged";
    private static final int MOST_WATCHED = 1000;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final JsonText TRUE = JsonText.of("true");
    private static final RpcResult DONE = new RpcResult(JsonText.EMPTY_OBJECT);
    private static final Logger log = LoggerFactory.getLogger(Subscription.class);

    private final String server;
    private final Bridge wire;
    private final Envelope envelope;
    private final Scheduler scheduler;
    private final Executor executor;
    private final BridgeListener listener;
    private final Map<String, JsonText> lists = new LinkedHashMap<>();
    private final boolean watches;
    private final Set<String> watched = new TreeSet<>();
    private final List<Watch> waiting = new ArrayList<>();
    private @Nullable Stream current;
    private @Nullable Stream opening;
    private boolean again;
    private boolean ended;
    private Duration pause = FIRST_PAUSE;
    private Scheduler.Task retry = () -> {};

    /** Somebody waits until a resource is watched. */
    private final class Watch extends Promise<RpcOutcome> {
        private final String uri;

        Watch(String uri) {
            super(executor);
            this.uri = uri;
        }

        @Override
        protected void onCancel() {
            synchronized (Subscription.this) {
                waiting.remove(this);
            }
        }
    }

    /** One request that is held open. */
    private final class Stream {
        private final Set<String> uris;
        private Set<String> honoured = Set.of();
        private @Nullable CompletionStage<RpcOutcome> outcome;

        Stream(Set<String> uris) {
            this.uris = uris;
        }

        void open(JsonText filter) {
            JsonText params = envelope.around(JsonText.EMPTY_OBJECT.with("notifications", filter), ClientProfile.NONE);
            CompletionStage<RpcOutcome> sent =
                    wire.request(METHOD, params, new Unattended(notification -> heard(this, notification)));
            synchronized (Subscription.this) {
                outcome = sent;
            }
            sent.whenComplete((result, failure) -> over(this, result));
        }

        void cancel() {
            CompletionStage<RpcOutcome> sent;
            synchronized (Subscription.this) {
                sent = outcome;
            }
            if (sent != null) {
                sent.toCompletableFuture().cancel(true);
            }
        }
    }

    Subscription(
            String server,
            Bridge wire,
            Envelope envelope,
            JsonText capabilities,
            Scheduler scheduler,
            Executor executor,
            BridgeListener listener) {
        this.server = server;
        this.wire = wire;
        this.envelope = envelope;
        this.scheduler = scheduler;
        this.executor = executor;
        this.listener = listener;
        for (String list : List.of("tools", "prompts", "resources")) {
            if (declares(capabilities, list, "listChanged")) {
                lists.put(list + "ListChanged", TRUE);
            }
        }
        this.watches = declares(capabilities, "resources", "subscribe");
    }

    private static boolean declares(JsonText capabilities, String of, String what) {
        try {
            return capabilities
                    .member(of)
                    .flatMap(capability -> capability.member(what))
                    .filter(TRUE::equals)
                    .isPresent();
        } catch (MalformedMessageException e) {
            // It stands twice. The server is used all the same; nothing is relied on that it does not plainly say.
            return false;
        }
    }

    /** Begins to listen, if the server has anything to say. */
    void begin() {
        change();
    }

    /** Ends listening; the connection is gone or about to go. */
    void end() {
        List<Watch> abandoned;
        Stream open;
        synchronized (this) {
            ended = true;
            open = current;
            abandoned = List.copyOf(waiting);
            waiting.clear();
        }
        retry.cancel();
        abandoned.forEach(watch -> watch.succeed(RpcError.of(RpcError.INTERNAL_ERROR, "The connection ended", null)));
        if (open != null) {
            open.cancel();
        }
    }

    /**
     * Watches a resource; answers as {@code resources/subscribe} of the older revisions does. A watch that is taken back before the
     * server has agreed to it is answered with an error, since nobody may believe that the resource is watched.
     */
    CompletionStage<RpcOutcome> watch(String uri) {
        if (!watches) {
            return Promise.succeeded(
                    RpcError.of(RpcError.METHOD_NOT_FOUND, "The server lets nobody watch its resources", null));
        }
        Watch watch = new Watch(uri);
        synchronized (this) {
            if (isWatched(uri)) {
                return Promise.succeeded(DONE);
            }
            if (ended || watched.size() >= MOST_WATCHED) {
                return Promise.succeeded(RpcError.of(RpcError.INTERNAL_ERROR, "Too many resources are watched", null));
            }
            watched.add(uri);
            waiting.add(watch);
        }
        change();
        return watch;
    }

    /** Whether the server has agreed to it and nothing is under way that ends it. Under the lock. */
    private boolean isWatched(String uri) {
        return watched.contains(uri)
                && current != null
                && current.honoured.contains(uri)
                && (opening == null || opening.uris.contains(uri));
    }

    /** Ends watching a resource; answers as {@code resources/unsubscribe} does. */
    CompletionStage<RpcOutcome> unwatch(String uri) {
        List<Watch> takenBack = new ArrayList<>();
        boolean changed;
        synchronized (this) {
            changed = watched.remove(uri);
            waiting.removeIf(watch -> watch.uri.equals(uri) && takenBack.add(watch));
        }
        takenBack.forEach(watch -> watch.succeed(
                RpcError.of(RpcError.INTERNAL_ERROR, "The watch was taken back before the server agreed to it", null)));
        if (changed) {
            change();
        }
        return Promise.succeeded(DONE);
    }

    /** Opens a stream for what is wanted now, or notes that another is to follow the one being opened. */
    private void change() {
        Stream next;
        Stream needless = null;
        JsonText filter = JsonText.EMPTY_OBJECT;
        synchronized (this) {
            if (ended || opening != null) {
                again = true;
                return;
            }
            again = false;
            if (lists.isEmpty() && watched.isEmpty()) {
                needless = current;
                current = null;
                next = null;
            } else {
                next = new Stream(Set.copyOf(watched));
                filter = filter();
                opening = next;
            }
        }
        if (needless != null) {
            needless.cancel();
        }
        if (next != null) {
            next.open(filter);
        }
    }

    private JsonText filter() {
        Map<String, JsonText> filter = new LinkedHashMap<>(lists);
        if (!watched.isEmpty()) {
            filter.put(
                    "resourceSubscriptions",
                    JsonText.array(watched.stream().map(JsonText::quote).toList()));
        }
        return JsonText.object(filter);
    }

    private void heard(Stream stream, RpcNotification notification) {
        if (notification.method().equals(ACKNOWLEDGED)) {
            acknowledged(stream, notification);
            return;
        }
        boolean relevant;
        synchronized (this) {
            relevant = !ended && (stream == current || current == null);
        }
        if (relevant) {
            listener.notified(plain(notification));
        }
    }

    /** Without the number of a stream that nobody else knows of. */
    private static RpcNotification plain(RpcNotification notification) {
        JsonText params = notification.params();
        JsonText meta = params == null ? null : params.member(Envelope.META).orElse(null);
        if (params == null || meta == null) {
            return notification;
        }
        JsonText rest = meta.without(Envelope.SUBSCRIPTION_ID);
        boolean empty = rest.members().isEmpty();
        return new RpcNotification(
                notification.method(), empty ? params.without(Envelope.META) : params.with(Envelope.META, rest));
    }

    private void acknowledged(Stream stream, RpcNotification acknowledgement) {
        Set<String> honoured;
        try {
            honoured = honoured(acknowledgement.params());
        } catch (MalformedMessageException e) {
            notUnderstood(stream, e);
            return;
        }
        Stream before;
        boolean more;
        synchronized (this) {
            if (stream != opening) {
                return;
            }
            opening = null;
            before = current;
            current = stream;
            stream.honoured = honoured;
            pause = FIRST_PAUSE;
            more = again && !watched.equals(stream.uris);
        }
        if (before != null) {
            before.cancel();
        }
        settle(stream, uri -> honoured.contains(uri) ? DONE : notWatched(uri));
        if (more) {
            change();
        }
    }

    private static Set<String> honoured(@Nullable JsonText params) {
        Set<String> honoured = new TreeSet<>();
        if (params != null) {
            params.at("/notifications/resourceSubscriptions").map(JsonText::elements).orElse(List.of()).stream()
                    .flatMap(uri -> uri.string().stream())
                    .forEach(honoured::add);
        }
        return honoured;
    }

    /** What the server agreed to cannot be known: as good as a stream that failed, and opened again like one. */
    private void notUnderstood(Stream stream, MalformedMessageException why) {
        synchronized (this) {
            if (stream != opening) {
                return;
            }
        }
        log.atDebug().addKeyValue("server", server).setCause(why).log("The server's acknowledgement cannot be read");
        over(stream, null);
        stream.cancel();
    }

    private static RpcError notWatched(String uri) {
        return RpcError.of(
                RpcError.INVALID_PARAMS,
                "The server does not let this resource be watched",
                JsonText.object(Map.of("uri", JsonText.quote(uri))));
    }

    /** Answers those who waited for a stream. */
    private void settle(Stream stream, Function<String, RpcOutcome> answer) {
        List<Watch> answered = new ArrayList<>();
        synchronized (this) {
            waiting.removeIf(watch -> stream.uris.contains(watch.uri) && answered.add(watch));
        }
        for (Watch watch : answered) {
            RpcOutcome outcome = answer.apply(watch.uri);
            if (outcome instanceof RpcError) {
                synchronized (this) {
                    watched.remove(watch.uri);
                }
            }
            watch.succeed(outcome);
        }
    }

    /** A stream has ended: ours to end, or the server's. */
    private void over(Stream stream, @Nullable RpcOutcome outcome) {
        boolean refused;
        boolean more;
        Duration wait;
        synchronized (this) {
            if (ended || (stream != opening && stream != current)) {
                return;
            }
            refused = stream == opening && outcome instanceof RpcError;
            more = again && stream == opening;
            opening = stream == opening ? null : opening;
            current = stream == current ? null : current;
            wait = pause;
            pause = wait.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? wait.multipliedBy(2) : LONGEST_PAUSE;
        }
        if (refused) {
            log.atDebug().addKeyValue("server", server).log("The server does not let us listen");
            settle(stream, uri -> (RpcError) Objects.requireNonNull(outcome));
            if (more) {
                change();
            }
        } else {
            retry = scheduler.schedule(wait, this::change);
        }
    }
}
