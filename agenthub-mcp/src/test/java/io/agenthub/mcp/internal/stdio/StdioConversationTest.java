package io.agenthub.mcp.internal.stdio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.Promise;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.BridgeClosedException;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.FrameTooLongException;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.api.server.ServerLimits;
import io.agenthub.mcp.internal.call.ProgressToken;
import io.agenthub.tck.Await;
import io.agenthub.tck.ManualScheduler;
import io.agenthub.tck.RecordingCallContext;
import io.agenthub.tck.TckContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What a bridge and its child say to each other. */
class StdioConversationTest extends StdioFixture {

    // Progress

    @Test
    void aCallersOwnProgressTokenIsPutBackIntoWhatTheServerReports() {
        Bridge bridge = open(fake());
        RecordingCallContext one = new RecordingCallContext(true);
        RecordingCallContext two = new RecordingCallContext(true);
        JsonText params = JsonText.of(
                "{\"name\":\"progress\",\"arguments\":{\"steps\":2},\"_meta\":{\"progressToken\":\"same\",\"k\":1}}");
        CompletionStage<RpcOutcome> first = bridge.request("tools/call", params, one);
        CompletionStage<RpcOutcome> second = bridge.request("tools/call", params, two);
        data(first);
        data(second);
        for (RecordingCallContext context : List.of(one, two)) {
            assertEquals(
                    List.of(
                            "{\"progressToken\":\"same\",\"progress\":1,\"total\":2}",
                            "{\"progressToken\":\"same\",\"progress\":2,\"total\":2}"),
                    context.notifications().stream()
                            .map(notification -> String.valueOf(notification.params()))
                            .toList());
        }
    }

    @Test
    void aTokenOfACallerWhoDoesNotListenIsNotSent() {
        Bridge bridge = open(fake());
        JsonText params = JsonText.of("{\"name\":\"progress\",\"_meta\":{\"progressToken\":7,\"other\":true}}");
        RecordingCallContext context = new RecordingCallContext(false);
        assertEquals(
                "false", data(bridge.request("tools/call", params, context)).toString());
        assertEquals(List.of(), context.notifications());
    }

    @Test
    void aTokenIsAddedWhereThereAreNoParameters() {
        ProgressToken added = ProgressToken.replace(null, true, 5);
        assertEquals("{\"_meta\":{\"progressToken\":5}}", String.valueOf(added.sent()));
        assertEquals(null, ProgressToken.replace(null, false, 5).sent());
        JsonText list = JsonText.of("[1]");
        assertSame(list, ProgressToken.replace(list, true, 5).sent());
        JsonText untouched = JsonText.of("{\"_meta\":{ \"x\":1 }}");
        assertSame(untouched, ProgressToken.replace(untouched, false, 5).sent());
    }

    @Test
    void parametersThatContradictThemselvesFailTheirOwnCall() {
        Bridge bridge = open(fake());
        JsonText twice = JsonText.of("{\"_meta\":{},\"_meta\":{}}");
        MalformedMessageException failure = Await.failure(
                MalformedMessageException.class, bridge.request("tools/call", twice, new RecordingCallContext()));
        assertFalse(failure.dispatched());
        assertEquals(0, bridge.stats().inFlight());
    }

    // Cancelling

    @Test
    void aCallWithdrawnBeforeItWasSentLeavesTheQueueAndIsNotCancelledAtTheServer() {
        Bridge bridge = open(fake());
        data(call(bridge, "stop-reading", "{}"));
        call(bridge, "echo", "{\"fill\":\"" + "x".repeat(1 << 20) + "\"}");
        Await.until("the pipe is full", () -> bridge.stats().queuedBytes() > 1 << 20);
        long stuck = bridge.stats().queuedBytes();
        RecordingCallContext context = new RecordingCallContext();
        CompletionStage<RpcOutcome> queued = call(bridge, "echo", "{\"own\":1}", context);
        Await.until("it is queued", () -> bridge.stats().queuedBytes() > stuck);
        queued.toCompletableFuture().cancel(true);
        Await.until("it is gone", () -> bridge.stats().queuedBytes() == stuck);
        assertEquals(0, context.dispatches());
        assertEquals(1, bridge.stats().inFlight());
    }

    @Test
    void theServerIsToldWhichRequestIsCancelledAndWhy() {
        Bridge bridge = open(shell("read call; read cancelled; echo \"$call\" >&2; echo \"$cancelled\" >&2; exit 0"));
        RecordingCallContext context = new RecordingCallContext();
        CompletionStage<RpcOutcome> stage = bridge.request("tools/call", null, context);
        Await.until("it is sent", () -> context.dispatches() == 1);
        stage.toCompletableFuture().cancel(true);
        List<String> said =
                Await.value(bridge.whenClosed()).stderrTail().lines().toList();
        JsonText sent = JsonText.of(said.get(0));
        JsonText cancelled = JsonText.of(said.get(1));
        assertEquals("notifications/cancelled", text(cancelled, "/method"));
        assertEquals(sent.member("id"), cancelled.at("/params/requestId"));
        assertFalse(text(cancelled, "/params/reason").isEmpty());
        assertTrue(cancelled.member("id").isEmpty());
    }

    @Test
    void anAbandonedHandshakeIsNeverCancelledByMessage() {
        var spec = io.agenthub.api.server.ServerSpec.stdio(
                "deaf", "/bin/sh", "-c", "read l; echo started >&2; read more && echo \"got $more\" >&2; exit 0");
        var failure = Await.failure(
                io.agenthub.api.bridge.ConnectException.class,
                connector(spec).connect(request(Duration.ofMillis(500))));
        assertEquals("started", failure.exit().orElseThrow().stderrTail());
    }

    // Questions of the server

    @Test
    void aQuestionIsAskedOfTheOnlyCallInFlightAndRefusedIfThereAreTwo() {
        Bridge bridge = open(fake());
        RecordingCallContext asked = new RecordingCallContext().answering(JsonText.of("{\"ok\":true}"));
        String elicit = "{\"method\":\"elicitation/create\"}";
        assertEquals(
                "{\"result\":{\"ok\":true}}",
                data(call(bridge, "ask", elicit, asked)).toString());
        CompletionStage<RpcOutcome> other = call(bridge, "never", "{}");
        JsonText refusal = data(call(bridge, "ask", elicit, asked));
        assertEquals("-32601", refusal.at("/error/code").orElseThrow().toString());
        assertEquals(1, asked.questions().size());
        other.toCompletableFuture().cancel(true);
    }

    @Test
    void rootsAreRefusedUnlessTheServerIsTrustedWithThem() {
        RecordingCallContext context = new RecordingCallContext().answering(JsonText.of("{\"roots\":[]}"));
        JsonText refused = data(call(open(fake()), "ask", "{\"method\":\"roots/list\"}", context));
        assertEquals("-32601", refused.at("/error/code").orElseThrow().toString());
        assertEquals(List.of(), context.questions());
        JsonText forwarded =
                data(call(open(fake().setting("roots", "forward")), "ask", "{\"method\":\"roots/list\"}", context));
        assertEquals("{\"result\":{\"roots\":[]}}", forwarded.toString());
    }

    @Test
    void aMethodNobodyKnowsIsRefusedAtOnce() {
        JsonText refusal = data(call(open(fake()), "ask", "{\"method\":\"files/delete\"}"));
        assertEquals("-32601", refusal.at("/error/code").orElseThrow().toString());
    }

    @Test
    void aQuestionTheServerWithdrawsIsCancelledAtTheCaller() {
        Promise<RpcOutcome> answer = new Promise<>(Runnable::run);
        RecordingCallContext context = new RecordingCallContext().answering(question -> answer);
        Bridge bridge = open(shell(
                "read l; echo '{\"jsonrpc\":\"2.0\",\"id\":\"q\",\"method\":\"sampling/createMessage\"}'; read go;"
                        + "echo '{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":\"q\"}}';"
                        + "cat"));
        bridge.request("tools/call", null, context);
        Await.until("it is asked", () -> context.questions().size() == 1);
        bridge.notify("go", null);
        Await.until("it is withdrawn", answer::isCancelled);
    }

    @Test
    void openQuestionsAreCancelledWhenTheServerEnds() {
        Promise<RpcOutcome> answer = new Promise<>(Runnable::run);
        RecordingCallContext context = new RecordingCallContext().answering(question -> answer);
        Bridge bridge = open(fake());
        call(bridge, "ask", "{\"method\":\"elicitation/create\"}", context);
        Await.until("it is asked", () -> context.questions().size() == 1);
        Await.value(bridge.closeAsync());
        Await.until("it is cancelled", answer::isCancelled);
    }

    @Test
    void aListenerThatThrowsDisturbsNothing() {
        Bridge bridge = open(fake());
        RecordingCallContext context = new RecordingCallContext(true).answering(question -> {
            throw new IllegalStateException("asked");
        });
        JsonText refusal = data(call(bridge, "ask", "{\"method\":\"elicitation/create\"}", context));
        assertTrue(refusal.member("error").isPresent(), refusal.toString());
        assertEquals("{}", data(call(bridge, "echo", "{}")).toString());
    }

    // Frames

    @Test
    void carriageReturnsAreAccepted() {
        Bridge bridge = open(
                shell("read l; printf '{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"structuredContent\":1}}\\r\\n'; "
                        + READ_ON));
        assertEquals("1", data(call(bridge, "any", "{}")).toString());
    }

    @Test
    void anAnswerTooLongFailsItsOwnCallAlsoWhenItsIdStandsLast() {
        Bridge bridge = open(shell("read l; printf '{\"result\":{\"x\":\"'; head -c 5000 /dev/zero | tr '\\0' y;"
                        + "printf '\"},\"jsonrpc\":\"2.0\",\"id\":2}\\n'; " + READ_ON)
                .limits(new ServerLimits(8, 8 << 10, 0, 4_096)));
        FrameTooLongException failure = Await.failure(FrameTooLongException.class, call(bridge, "any", "{}"));
        assertEquals(4_096, failure.maxFrameBytes());
        assertTrue(failure.dispatched());
        assertFalse(bridge.whenClosed().toCompletableFuture().isDone());
    }

    @Test
    void aLineTooLongThatAnswersNothingIsCounted() {
        Bridge bridge = open(shell("head -c 100000 /dev/zero | tr '\\0' y; echo;"
                        + "read l; echo '{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}'; " + READ_ON)
                .limits(new ServerLimits(8, 8 << 10, 0, 4_096)));
        call(bridge, "any", "{}").toCompletableFuture();
        Await.until("it is counted", () -> bridge.stats().noise() == 1);
        assertEquals(100_000, bridge.stats().noiseBytes());
    }

    @Test
    void anAnswerToARequestNotYetSentIsAnOrphan() {
        Bridge bridge = open(shell("echo '{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}'; " + READ_ON));
        Await.until("the guess is dropped", () -> bridge.stats().orphans() == 1);
        CompletionStage<RpcOutcome> stage = call(bridge, "any", "{}");
        assertEquals(1, bridge.stats().inFlight());
        stage.toCompletableFuture().cancel(true);
    }

    // The end

    @Test
    void aServerThatDoesNotReadForTenSecondsIsStalledAndEnded() {
        ManualScheduler time = new ManualScheduler();
        TckContext manual = TckContext.manual(time);
        Bridge bridge = Await.value(
                bridges.connector(fake().setting("transport", transport()).build(), manual)
                        .connect(request(PATIENCE)));
        data(call(bridge, "stop-reading", "{}"));
        CompletionStage<RpcOutcome> stuck = call(bridge, "echo", "{\"fill\":\"" + "x".repeat(1 << 20) + "\"}");
        RecordingCallContext behind = new RecordingCallContext();
        CompletionStage<RpcOutcome> queued = call(bridge, "echo", "{}", behind);
        Await.until("the pipe is full", () -> bridge.stats().queuedBytes() > 1 << 20);
        time.advance(Duration.ofMillis(9_900));
        Await.never(Duration.ofMillis(100), "a stall before its time", stuck.toCompletableFuture()::isDone);
        Await.until("it is stalled", () -> {
            time.advance(Duration.ofSeconds(1));
            return stuck.toCompletableFuture().isDone();
        });
        BridgeClosedException failure = Await.failure(BridgeClosedException.class, stuck);
        assertEquals(BridgeExit.Cause.STALLED, failure.exit().cause());
        assertEquals("CHILD_STALLED", failure.kind().name());
        assertTrue(failure.dispatched());
        assertFalse(Await.failure(BridgeClosedException.class, queued).dispatched());
        assertEquals(0, behind.dispatches());
        Await.until("the process is ended", () -> {
            time.advance(Duration.ofMillis(1));
            return bridge.whenClosed().toCompletableFuture().isDone();
        });
        assertEquals(BridgeExit.Cause.STALLED, Await.value(bridge.whenClosed()).cause());
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aServerThatClosesItsInputIsOver() {
        Bridge bridge = open(shell("exec 0</dev/null; sleep 60"));
        Await.until("the end is seen", () -> {
            bridge.notify("notifications/any", null);
            return bridge.whenClosed().toCompletableFuture().isDone();
        });
        assertEquals(BridgeExit.Cause.STALLED, Await.value(bridge.whenClosed()).cause());
    }

    @Test
    void requestsAfterTheEndAreRefusedAndNotDispatched() {
        Bridge bridge = open(fake());
        Await.value(bridge.closeAsync());
        RecordingCallContext context = new RecordingCallContext();
        BridgeClosedException failure = Await.failure(BridgeClosedException.class, call(bridge, "echo", "{}", context));
        assertFalse(failure.dispatched());
        assertEquals(0, context.dispatches());
        assertFalse(Await.failure(BridgeClosedException.class, bridge.notify("n", null))
                .dispatched());
    }

    @Test
    void whatIsSaidBeforeTheCloseIsSentBeforeIt() {
        Bridge bridge = open(shell("cat >&2; exit 0"));
        for (int i = 0; i < 20; i++) {
            bridge.notify("note/" + i, null);
        }
        bridge.closeAsync();
        String said = Await.value(bridge.whenClosed()).stderrTail();
        assertEquals(20, said.lines().count(), said);
    }

    // Resources

    @Test
    void nothingIsKeptOnceTheLastChildIsGone() {
        Set<Thread> before = threads();
        Bridge one = open(fake());
        Bridge two = open(fake());
        Await.value(call(one, "echo", "{}"));
        Await.value(one.closeAsync());
        assertEquals("{}", data(call(two, "echo", "{}")).toString());
        Await.value(two.closeAsync());
        Await.until("our threads are gone", () -> before.containsAll(threads()));
        assertEquals("{}", data(call(open(fake()), "echo", "{}")).toString());
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().toLowerCase(Locale.ROOT).startsWith("agenthub-"))
                .collect(Collectors.toSet());
    }

    @Test
    void eventLoopsLentByTheHubAreUsedAndLeftRunning() {
        EventLoopGroup lent = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            context.share(EventLoopGroup.class, lent);
            Bridge bridge = open(fake());
            Await.value(call(bridge, "notify", "{\"method\":\"n\",\"count\":1}"));
            Await.until("it is heard", () -> heard.contains(new RpcNotification("n", JsonText.of("{\"n\":1}"))));
            Await.value(bridge.closeAsync());
            assertFalse(lent.isShuttingDown());
        } finally {
            lent.shutdownGracefully(0, 5, TimeUnit.SECONDS);
        }
    }

    @Test
    void everyIdIsItsOwnAndNeverUsedAgain() {
        Bridge bridge = open(shell("while read l; do echo \"$l\" >&2; done; exit 0"));
        for (int i = 0; i < 20; i++) {
            RecordingCallContext sent = new RecordingCallContext();
            CompletionStage<RpcOutcome> stage = bridge.request("m", null, sent);
            Await.until("it is sent", () -> sent.dispatches() == 1);
            if (i % 2 == 0) {
                stage.toCompletableFuture().cancel(true);
            }
        }
        bridge.closeAsync();
        List<String> ids = Await.value(bridge.whenClosed())
                .stderrTail()
                .lines()
                .map(JsonText::of)
                .flatMap(message -> message.member("id").stream())
                .map(JsonText::toString)
                .toList();
        assertEquals(20, ids.size());
        assertEquals(ids.size(), Set.copyOf(ids).size());
    }

    @Test
    void aQuestionCarriesTheServersOwnId() {
        RecordingCallContext context = new RecordingCallContext()
                .answering((RpcRequest question) -> Promise.succeeded(new RpcResult(question.id())));
        JsonText answer =
                data(call(open(fake()), "ask", "{\"method\":\"sampling/createMessage\",\"id\":\"5é\"}", context));
        assertEquals("{\"result\":\"5é\"}", answer.toString());
    }
}
