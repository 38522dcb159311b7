package io.agenthub.mcp.internal.era;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.tck.Await;
import io.agenthub.tck.FakeBridge;
import io.agenthub.tck.FakeCall;
import io.agenthub.tck.ManualScheduler;
import io.agenthub.tck.TckContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The one request held open to hear what a stateless server announces, over a connection that does as it is told. */
class SubscriptionTest {
    private static final String LISTS = "{\"tools\":{\"listChanged\":true},\"resources\":{\"subscribe\":true}}";

    private final ManualScheduler time = new ManualScheduler();
    private final TckContext context = TckContext.manual(time);
    private final FakeBridge wire = new FakeBridge("s", context, notification -> {}).otherwise(call -> {});
    private final List<String> heard = new ArrayList<>();

    private Subscription begun(String capabilities) {
        Subscription subscription = new Subscription(
                "s",
                wire,
                new Envelope("2026-07-28", false),
                JsonText.of(capabilities),
                time,
                Runnable::run,
                notification -> heard.add(notification.method() + " " + notification.params()));
        subscription.begin();
        time.runDue();
        return subscription;
    }

    private List<FakeCall> streams() {
        return wire.calls(Subscription.METHOD);
    }

    private FakeCall stream(int number) {
        time.runDue();
        return streams().get(number);
    }

    private static String filter(FakeCall stream) {
        return stream.params().member("notifications").orElseThrow().toString();
    }

    private void acknowledge(FakeCall stream) {
        say(
                stream,
                "notifications/subscriptions/acknowledged",
                "{\"notifications\":" + filter(stream) + ",\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":1}}");
        time.runDue();
    }

    private static void say(FakeCall stream, String method, String params) {
        stream.context().notified(new RpcNotification(method, JsonText.of(params)));
    }

    private static boolean isDone(CompletionStage<?> stage) {
        return stage.toCompletableFuture().isDone();
    }

    @Test
    void aServerThatAnnouncesNothingIsNotListenedTo() {
        begun("{\"tools\":{},\"resources\":{\"subscribe\":true,\"listChanged\":false}}");
        assertEquals(List.of(), streams());
    }

    @Test
    void aCapabilityThatStandsTwiceIsNotReliedOn() {
        begun("{\"tools\":{\"listChanged\":true,\"listChanged\":true},\"prompts\":{\"listChanged\":true}}");
        assertEquals("{\"promptsListChanged\":true}", filter(stream(0)));
    }

    @Test
    void whatItAnnouncesIsAskedForAndHandedOnWithoutTheNumberOfTheStream() {
        begun(LISTS);
        FakeCall stream = stream(0);
        assertEquals("{\"toolsListChanged\":true}", filter(stream));
        assertTrue(stream.params()
                .at("/_meta/io.modelcontextprotocol~1protocolVersion")
                .isPresent());
        acknowledge(stream);
        say(
                stream,
                "notifications/tools/list_changed",
                "{\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":1,\"kept\":2}}");
        assertEquals(List.of("notifications/tools/list_changed {\"_meta\":{\"kept\":2}}"), heard);
    }

    @Test
    void aWatchIsAnsweredOnceTheServerAgreesAndTheStreamBeforeIsEndedThen() {
        Subscription subscription = begun(LISTS);
        acknowledge(stream(0));
        CompletionStage<RpcOutcome> watch = subscription.watch("a:1");
        FakeCall next = stream(1);
        assertEquals("{\"toolsListChanged\":true,\"resourceSubscriptions\":[\"a:1\"]}", filter(next));
        assertFalse(isDone(watch));
        assertFalse(stream(0).isCancelled());
        acknowledge(next);
        assertInstanceOf(RpcResult.class, Await.value(watch));
        assertTrue(stream(0).isCancelled());
        assertInstanceOf(RpcResult.class, Await.value(subscription.watch("a:1")));
        assertEquals(2, streams().size());
    }

    @Test
    void watchesThatComeWhileAStreamIsOpenedShareTheNext() {
        Subscription subscription = begun(LISTS);
        List<CompletionStage<RpcOutcome>> watches = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            watches.add(subscription.watch("a:" + i));
        }
        assertEquals(1, streams().size());
        acknowledge(stream(0));
        acknowledge(stream(1));
        watches.forEach(watch -> assertInstanceOf(RpcResult.class, Await.value(watch)));
        assertEquals(2, streams().size());
    }

    @Test
    void aResourceTheServerDoesNotAgreeToIsRefused() {
        Subscription subscription = begun(LISTS);
        acknowledge(stream(0));
        CompletionStage<RpcOutcome> watch = subscription.watch("a:1");
        say(stream(1), "notifications/subscriptions/acknowledged", "{\"notifications\":{\"toolsListChanged\":true}}");
        time.runDue();
        RpcError refusal = assertInstanceOf(RpcError.class, Await.value(watch));
        assertEquals(RpcError.INVALID_PARAMS, refusal.code());
    }

    @Test
    void aResourceThatWasRefusedIsAskedForAgain() {
        Subscription subscription = begun(LISTS);
        acknowledge(stream(0));
        subscription.watch("a:1");
        say(stream(1), "notifications/subscriptions/acknowledged", "{\"notifications\":{\"toolsListChanged\":true}}");
        time.runDue();
        CompletionStage<RpcOutcome> again = subscription.watch("a:1");
        CompletionStage<RpcOutcome> another = subscription.watch("a:1");
        assertFalse(isDone(again));
        assertFalse(isDone(another));
        acknowledge(stream(2));
        assertInstanceOf(RpcResult.class, Await.value(again));
        assertInstanceOf(RpcResult.class, Await.value(another));
    }

    @Test
    void aResourceWatchedAgainWhileItsEndIsUnderWayIsAnsweredOnceItIsWatched() {
        Subscription subscription = begun(LISTS);
        acknowledge(stream(0));
        subscription.watch("a:1");
        acknowledge(stream(1));
        Await.value(subscription.unwatch("a:1"));
        CompletionStage<RpcOutcome> again = subscription.watch("a:1");
        CompletionStage<RpcOutcome> another = subscription.watch("a:1");
        assertEquals("{\"toolsListChanged\":true}", filter(stream(2)));
        acknowledge(stream(2));
        assertFalse(isDone(again));
        assertFalse(isDone(another));
        FakeCall last = stream(3);
        assertEquals("{\"toolsListChanged\":true,\"resourceSubscriptions\":[\"a:1\"]}", filter(last));
        acknowledge(last);
        assertInstanceOf(RpcResult.class, Await.value(again));
        assertInstanceOf(RpcResult.class, Await.value(another));
        time.advance(Duration.ofMinutes(1));
        assertEquals(4, streams().size());
    }

    @Test
    void aWatchThatIsTakenBackBeforeTheServerAgreesIsAnswered() {
        Subscription subscription = begun(LISTS);
        CompletionStage<RpcOutcome> watch = subscription.watch("a:1");
        CompletionStage<RpcOutcome> other = subscription.watch("a:2");
        assertInstanceOf(RpcResult.class, Await.value(subscription.unwatch("a:1")));
        assertInstanceOf(RpcError.class, Await.value(watch));
        assertFalse(isDone(other));
        acknowledge(stream(0));
        acknowledge(stream(1));
        assertInstanceOf(RpcResult.class, Await.value(other));
        assertEquals("{\"toolsListChanged\":true,\"resourceSubscriptions\":[\"a:2\"]}", filter(stream(1)));
    }

    @Test
    void anAcknowledgementThatCannotBeReadIsAStreamThatFailed() {
        Subscription subscription = begun(LISTS);
        acknowledge(stream(0));
        CompletionStage<RpcOutcome> watch = subscription.watch("a:1");
        say(
                stream(1),
                "notifications/subscriptions/acknowledged",
                "{\"notifications\":{\"resourceSubscriptions\":[\"a:1\"]},\"notifications\":{}}");
        time.runDue();
        assertTrue(stream(1).isCancelled());
        assertFalse(stream(0).isCancelled());
        assertEquals(2, streams().size());
        time.advance(Duration.ofSeconds(1));
        acknowledge(stream(2));
        assertInstanceOf(RpcResult.class, Await.value(watch));
        assertTrue(stream(0).isCancelled());
    }

    @Test
    void aServerThatLetsNobodyListenIsNotAskedAgain() {
        begun(LISTS);
        stream(0).error(-32601, "no");
        time.advance(Duration.ofHours(1));
        assertEquals(1, streams().size());
    }

    @Test
    void aStreamTheServerEndsIsOpenedAgainWithPatience() {
        begun(LISTS);
        acknowledge(stream(0));
        stream(0).answer(JsonText.of("{\"resultType\":\"complete\"}"));
        time.runDue();
        assertEquals(1, streams().size());
        time.advance(Duration.ofSeconds(1));
        stream(1).answer(JsonText.EMPTY_OBJECT);
        time.advance(Duration.ofSeconds(1));
        assertEquals(2, streams().size());
        time.advance(Duration.ofSeconds(1));
        acknowledge(stream(2));
        say(stream(2), "notifications/tools/list_changed", "{}");
        assertEquals(1, heard.size());
    }

    @Test
    void whatAnEndedStreamStillSaysIsNotHeardTwice() {
        Subscription subscription = begun(LISTS);
        acknowledge(stream(0));
        subscription.watch("a:1");
        acknowledge(stream(1));
        say(stream(0), "notifications/tools/list_changed", "{}");
        say(stream(1), "notifications/tools/list_changed", "{}");
        assertEquals(1, heard.size());
    }

    @Test
    void theLastOneToLeaveEndsTheWatch() {
        Subscription subscription = begun("{\"resources\":{\"subscribe\":true}}");
        assertEquals(0, streams().size());
        subscription.watch("a:1");
        acknowledge(stream(0));
        Await.value(subscription.unwatch("a:1"));
        time.runDue();
        assertTrue(stream(0).isCancelled());
        assertEquals(1, streams().size());
    }

    @Test
    void theEndAnswersWhoeverWaits() {
        Subscription subscription = begun(LISTS);
        CompletionStage<RpcOutcome> watch = subscription.watch("a:1");
        subscription.end();
        assertInstanceOf(RpcError.class, Await.value(watch));
        assertInstanceOf(RpcError.class, Await.value(subscription.watch("a:2")));
    }
}
