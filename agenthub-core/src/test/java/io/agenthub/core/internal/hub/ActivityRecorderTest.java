package io.agenthub.core.internal.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.Activity.Kind;
import io.agenthub.api.breaker.BreakerPolicy;
import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.enhance.Prompt;
import io.agenthub.api.hub.CallArrival;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.server.RestartPolicy;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.tck.FakeScript;
import io.agenthub.tck.MemoryActivityStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Everything that happens is recorded, with all that is known of it. */
class ActivityRecorderTest {
    private static final JsonText PARAMS = JsonText.of("{\"name\":\"now\",\"arguments\":{\"zone\":\"UTC\"}}");

    private final HubHarness harness = new HubHarness();
    private final MemoryActivityStore store = new MemoryActivityStore();

    private Hub hubWith(FakeScript script, ServerSpec.Builder server) {
        harness.store = store;
        harness.with(server.build());
        harness.connector("time").preparing(bridge -> bridge.otherwise(script));
        return harness.started();
    }

    private Hub hubWith(FakeScript script) {
        return hubWith(script, HubHarness.server("time"));
    }

    private CompletionStage<RpcOutcome> call(Hub hub, String server, CallOptions options) {
        CompletionStage<RpcOutcome> stage = hub.server(server).request("tools/call", PARAMS, options);
        harness.time.runDue();
        return stage;
    }

    private List<Activity> kept(Kind kind) {
        return store.activities().stream()
                .filter(activity -> activity.kind() == kind)
                .toList();
    }

    private Activity onlyCall() {
        List<Activity> calls = kept(Kind.CALL);
        assertEquals(1, calls.size(), calls::toString);
        return calls.get(0);
    }

    private List<String> events() {
        return kept(Kind.SERVER).stream()
                .map(activity -> activity.method().orElseThrow())
                .toList();
    }

    @Test
    void aCallIsRecordedWithAllThatIsKnownOfIt() {
        Hub hub = hubWith(call -> harness.time.schedule(Duration.ofMillis(7), () -> call.answer(PARAMS)));
        CompletionStage<RpcOutcome> stage = call(
                hub,
                "time",
                CallOptions.DEFAULT
                        .withClient("Claude Desktop")
                        .withOrigin("127.0.0.1", "\"a-1\"")
                        .withArrival(CallArrival.of("modern", 200)));
        harness.time.advance(Duration.ofMillis(7));
        harness.now(stage);
        Activity call = onlyCall();
        assertEquals(Optional.of("Claude Desktop"), call.client());
        assertEquals(Optional.of("127.0.0.1"), call.peer());
        assertEquals(Optional.of("\"a-1\""), call.requestId());
        assertEquals(Optional.of("time"), call.server());
        assertEquals(Optional.of("tools/call"), call.method());
        assertEquals(Optional.of("now"), call.tool());
        assertEquals(Optional.of("modern"), call.era());
        assertEquals(OptionalInt.of(200), call.httpStatus());
        assertEquals(Optional.of(BreakerState.CLOSED), call.breaker());
        assertEquals(Activity.OK, call.outcome());
        assertEquals(Duration.ofMillis(7), call.duration());
        assertEquals(PARAMS.length(), call.bytesIn());
        assertEquals(PARAMS.length(), call.bytesOut());
        assertEquals(harness.time.now(), call.at());
        assertEquals(Optional.of(PARAMS), call.request());
        assertEquals(Optional.of(PARAMS), call.response());
    }

    @Test
    void aCallFromWithinTheProgramHasNeitherEraNorStatus() {
        Hub hub = hubWith(FakeScript.ECHO);
        harness.now(call(hub, "time", CallOptions.DEFAULT));
        assertEquals(Optional.empty(), onlyCall().era());
        assertEquals(OptionalInt.empty(), onlyCall().httpStatus());
    }

    @Test
    void theServersOwnErrorIsRecordedAsSuch() {
        Hub hub = hubWith(FakeScript.error(-32000, "no such zone"));
        harness.now(call(hub, "time", CallOptions.DEFAULT));
        assertEquals(Activity.ERROR, onlyCall().outcome());
        assertTrue(onlyCall().response().orElseThrow().toString().contains("no such zone"));
        assertEquals(Optional.empty(), onlyCall().detail(), "what a server says belongs to the body");
    }

    @Test
    void aFailureIsRecordedByItsKindAndSaysWhy() {
        Hub hub = hubWith(FakeScript.NEVER);
        CompletionStage<RpcOutcome> stage = call(hub, "time", CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(1)));
        harness.time.advance(Duration.ofSeconds(1));
        assertTrue(stage.toCompletableFuture().isCompletedExceptionally());
        assertEquals("DEADLINE", onlyCall().outcome());
        assertTrue(onlyCall().detail().isPresent());
        assertEquals(0, onlyCall().bytesOut());
        assertEquals(Duration.ofSeconds(1), onlyCall().duration());
    }

    @Test
    void aCallThatWasWithdrawnIsRecorded() {
        Hub hub = hubWith(FakeScript.NEVER);
        call(hub, "time", CallOptions.DEFAULT.withArrival(CallArrival.of("legacy", 200)))
                .toCompletableFuture()
                .cancel(true);
        assertEquals("CANCELLED", onlyCall().outcome());
        assertEquals(OptionalInt.empty(), onlyCall().httpStatus(), "nobody was answered");
        assertEquals(Optional.of("legacy"), onlyCall().era());
    }

    @Test
    void aCallToNobodyIsRecorded() {
        Hub hub = hubWith(FakeScript.ECHO);
        call(hub, "tmie", CallOptions.DEFAULT.withClient("me").withArrival(CallArrival.of("legacy", 404)));
        assertEquals("UNKNOWN_SERVER", onlyCall().outcome());
        assertEquals(Optional.of("tmie"), onlyCall().server());
        assertEquals(Optional.of("me"), onlyCall().client());
        assertEquals(OptionalInt.of(404), onlyCall().httpStatus());
        assertEquals(Optional.empty(), onlyCall().breaker());
    }

    @Test
    void aNotificationIsRecorded() {
        Hub hub = hubWith(FakeScript.ECHO);
        harness.now(hub.server("time").notify("notifications/roots/list_changed", null));
        assertEquals(Optional.of("notifications/roots/list_changed"), onlyCall().method());
        assertEquals(Activity.OK, onlyCall().outcome());
    }

    @Test
    void aRefusalByTheBreakerAndTheBreakersFlipsAreRecordedInOrder() {
        Hub hub = hubWith(
                FakeScript.NEVER, HubHarness.server("time").breaker(new BreakerPolicy(1, Duration.ofSeconds(30))));
        call(hub, "time", CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(1)));
        harness.time.advance(Duration.ofSeconds(1));
        call(hub, "time", CallOptions.DEFAULT);
        List<Activity> calls = kept(Kind.CALL);
        assertEquals(Optional.of(BreakerState.CLOSED), calls.get(0).breaker(), "as it was accepted");
        assertEquals("BREAKER_OPEN", calls.get(1).outcome());
        assertEquals(Optional.of(BreakerState.OPEN), calls.get(1).breaker());
        List<Activity> flips = kept(Kind.BREAKER);
        assertEquals(1, flips.size(), flips::toString);
        assertEquals(Optional.of("CLOSED -> OPEN"), flips.get(0).method());
        assertEquals(Optional.of(BreakerState.OPEN), flips.get(0).breaker());
        assertEquals(Optional.of("time"), flips.get(0).server());
    }

    @Test
    void theLifeOfAServerIsRecordedByName() {
        Hub hub = hubWith(FakeScript.ECHO);
        harness.now(call(hub, "time", CallOptions.DEFAULT));
        harness.bridge("time").exit(137);
        harness.time.advance(Duration.ofMinutes(1));
        harness.now(hub.server("time").stop());
        assertEquals(
                List.of("starting", "started", "exited", "starting", "restarted", "stopping", "stopped"), events());
        Activity exit = kept(Kind.SERVER).get(2);
        assertEquals("EXITED", exit.outcome());
        assertTrue(exit.detail().isPresent());
    }

    @Test
    void aServerThatEndsTooOftenIsRecordedAsQuarantined() {
        Hub hub = hubWith(
                FakeScript.ECHO,
                HubHarness.server("time")
                        .restart(new RestartPolicy(
                                Duration.ofMillis(250),
                                Duration.ofSeconds(30),
                                2,
                                0,
                                1,
                                Duration.ofSeconds(60),
                                Duration.ZERO)));
        harness.now(call(hub, "time", CallOptions.DEFAULT));
        for (int i = 0; i < 2; i++) {
            harness.bridge("time").exit(1);
            harness.time.advance(Duration.ofSeconds(1));
        }
        List<String> events = events();
        assertEquals(
                List.of("exited", "quarantined"),
                events.subList(events.size() - 2, events.size()),
                "an exit too many is both");
    }

    @Test
    void aServerThatDoesNotStartIsRecordedWithTheReason() {
        harness.store = store;
        harness.with(HubHarness.server("time").build());
        harness.connector("time").alwaysFails();
        call(harness.started(), "time", CallOptions.DEFAULT);
        assertEquals(List.of("starting", "start failed"), events());
        assertTrue(kept(Kind.SERVER).get(1).detail().isPresent());
        assertEquals(Activity.ERROR, kept(Kind.SERVER).get(1).outcome());
    }

    @Test
    void anArrivalThatThrowsCostsItsPartOfTheRecordAlone() {
        Hub hub = hubWith(FakeScript.ECHO);
        CallArrival bad = new CallArrival() {
            @Override
            public Optional<String> era() {
                throw new IllegalStateException("on purpose");
            }

            @Override
            public OptionalInt httpStatus(@Nullable RpcOutcome outcome, @Nullable Throwable failure) {
                return OptionalInt.of(200);
            }
        };
        harness.now(call(hub, "time", CallOptions.DEFAULT.withArrival(bad)));
        assertEquals(Activity.OK, onlyCall().outcome());
    }

    @Test
    void anEnhancementIsRecorded() {
        Hub hub = hubWith(FakeScript.ECHO);
        harness.now(hub.enhancer().enhance(Prompt.of("größer").from("Raycast")));
        Activity kept = kept(Kind.ENHANCEMENT).get(0);
        assertEquals("PASSED_THROUGH", kept.outcome());
        assertEquals(Optional.of("Raycast"), kept.client());
        assertEquals(Optional.of("enhance"), kept.method());
        assertTrue(kept.detail().isPresent(), "it says why");
        assertEquals(Optional.of(JsonText.quote("größer")), kept.request());
    }
}
