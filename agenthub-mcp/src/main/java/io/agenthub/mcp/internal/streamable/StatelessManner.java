package io.agenthub.mcp.internal.streamable;

import io.agenthub.api.Scheduler;
import io.agenthub.api.bridge.ClientProfile;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.mcp.internal.era.Envelope;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The revisions without a session: each request says all there is to know, and repeats in its headers what those on the way may
 * want to see.
 */
final class StatelessManner implements Manner {
    /** The headers do not repeat what is in the body. */
    private static final int HEADER_MISMATCH = -32_020;

    private static final String LIST = "tools/list";
    private static final String CALL = "tools/call";
    private static final int MOST_PAGES = 100;
    private static final Duration LOOK_UP = Duration.ofSeconds(10);

    private final Wire wire;
    private final String revision;
    private final MirroredTools tools;
    private final List<Runnable> waiting = new ArrayList<>();
    private Scheduler.@Nullable Task lookUpTimer;
    private int lookUps;

    StatelessManner(Wire wire, String revision) {
        this.wire = wire;
        this.revision = revision;
        this.tools = new MirroredTools(wire.server());
    }

    /** A tool's call has to wait until it is known which of its arguments stand in headers. */
    @Override
    public void begin(Call call, Runnable post) {
        if (!call.method.equals(CALL) || tools.knows(name(call, "name").orElse(""))) {
            post.run();
            return;
        }
        waiting.add(() -> {
            if (wire.isPending(call)) {
                post.run();
            }
        });
        if (lookUpTimer == null) {
            int number = ++lookUps;
            lookUpTimer = wire.later(LOOK_UP, () -> lookedUp(number));
            lookUp(number, Optional.empty(), 1);
        }
    }

    private void lookUp(int number, Optional<JsonText> cursor, int page) {
        JsonText params =
                cursor.map(next -> JsonText.EMPTY_OBJECT.with("cursor", next)).orElse(JsonText.EMPTY_OBJECT);
        wire.ask(LIST, new Envelope(revision, false).around(params, ClientProfile.NONE))
                .whenComplete((outcome, failure) -> wire.onLoop(() -> {
                    Optional<JsonText> next = cursor(outcome);
                    if (next.isPresent() && page < MOST_PAGES && lookUps == number && lookUpTimer != null) {
                        lookUp(number, next, page + 1);
                    } else {
                        lookedUp(number);
                    }
                }));
    }

    private static Optional<JsonText> cursor(@Nullable RpcOutcome outcome) {
        try {
            return outcome instanceof RpcResult result
                    ? result.value().member("nextCursor").filter(JsonText::isString)
                    : Optional.empty();
        } catch (MalformedMessageException e) {
            return Optional.empty();
        }
    }

    /** Whatever came of it: a call without the headers it needs is refused by the server, in words that say so. */
    private void lookedUp(int number) {
        Scheduler.Task timer = lookUpTimer;
        if (timer == null || lookUps != number) {
            return;
        }
        timer.cancel();
        lookUpTimer = null;
        List<Runnable> calls = List.copyOf(waiting);
        waiting.clear();
        calls.forEach(Runnable::run);
    }

    private static Optional<String> name(Call call, String member) {
        JsonText params = call.params;
        return params == null ? Optional.empty() : params.member(member).flatMap(JsonText::string);
    }

    @Override
    public Map<String, String> headers(Call call) {
        Map<String, String> headers = new LinkedHashMap<>(headers());
        headers.put("Mcp-Method", HeaderText.of(call.method));
        Optional<String> name = switch (call.method) {
            case CALL, "prompts/get" -> name(call, "name");
            case "resources/read" -> name(call, "uri");
            default -> call.method.startsWith("tasks/") ? name(call, "taskId") : Optional.empty();
        };
        name.ifPresent(value -> headers.put("Mcp-Name", HeaderText.of(value)));
        if (call.method.equals(CALL)) {
            headers.putAll(tools.headers(call.params));
        }
        return headers;
    }

    @Override
    public Map<String, String> headers() {
        return Map.of("MCP-Protocol-Version", revision);
    }

    @Override
    public void accepted(Call call, HttpHeaders headers) {}

    @Override
    public boolean refused(Call call, int status, @Nullable RpcError error) {
        boolean mismatch = error != null && error.code() == HEADER_MISMATCH && call.method.equals(CALL);
        if (!mismatch || !call.stream.mayTryAgain()) {
            return false;
        }
        // The tool may have changed since it was listed.
        tools.forget();
        begin(call, call.stream::post);
        return true;
    }

    @Override
    public RpcOutcome answered(Call call, RpcOutcome outcome) {
        return call.method.equals(LIST) ? tools.learn(outcome) : outcome;
    }

    /** Closing the stream is how a call is cancelled. */
    @Override
    public void withdrawn(Call call) {
        call.stream.abandon();
    }

    @Override
    public boolean hasSession() {
        return false;
    }

    @Override
    public boolean isResumable(Call call) {
        return false;
    }

    @Override
    public void close(Runnable done) {
        waiting.clear();
        done.run();
    }
}
