package io.agenthub.core.internal.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.bridge.CallContext;
import io.agenthub.api.bridge.CallTimeoutException;
import io.agenthub.api.hub.CallArrival;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.tck.FakeBridge;
import io.agenthub.tck.FakeCall;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whether a call may have run, and that it is true. */
class DispatchTest {
    private final HubHarness harness = new HubHarness();
    private Hub hub;

    @BeforeEach
    void start() {
        harness.with(HubHarness.server("time").build());
        harness.connector("time").preparing(bridge -> bridge.otherwise(call -> {}));
        hub = harness.started();
        harness.now(hub.server("time").start());
    }

    private CompletionStage<RpcOutcome> call(CallOptions options) {
        CompletionStage<RpcOutcome> stage = hub.server("time").request("tools/call", null, options);
        harness.time.runDue();
        return stage;
    }

    private FakeBridge bridge() {
        return harness.bridge("time");
    }

    private CallContext lastCall() {
        List<FakeCall> calls = bridge().calls();
        return calls.get(calls.size() - 1).context();
    }

    @Test
    void whoBroughtACallLearnsThatItMayHaveRunBeforeItEnds() {
        AtomicInteger told = new AtomicInteger();
        CallArrival arrival = new CallArrival() {
            @Override
            public Optional<String> era() {
                return Optional.empty();
            }

            @Override
            public OptionalInt httpStatus(RpcOutcome outcome, Throwable failure) {
                return OptionalInt.empty();
            }

            @Override
            public void dispatched() {
                told.incrementAndGet();
                throw new IllegalStateException("must not harm the call");
            }
        };
        CompletionStage<RpcOutcome> stage = call(CallOptions.DEFAULT.withArrival(arrival));

        assertEquals(1, told.get());
        assertFalse(stage.toCompletableFuture().isDone());
    }

    @Test
    void aCallThatIsSaidNotToHaveLeftNeverLeavesLater() {
        bridge().dispatching(false);
        CompletionStage<RpcOutcome> late = call(CallOptions.DEFAULT);
        harness.time.advance(Duration.ofSeconds(31));
        assertFalse(harness.failsNow(CallTimeoutException.class, late).dispatched());
        assertFalse(lastCall().tryDispatch());

        CompletionStage<RpcOutcome> withdrawn = call(CallOptions.DEFAULT);
        withdrawn.toCompletableFuture().cancel(true);
        assertFalse(lastCall().tryDispatch());

        CompletionStage<RpcOutcome> sent = call(CallOptions.DEFAULT);
        assertTrue(lastCall().tryDispatch());
        assertTrue(lastCall().tryDispatch(), "in a later round");
        harness.time.advance(Duration.ofSeconds(31));
        assertTrue(harness.failsNow(CallTimeoutException.class, sent).dispatched());
        assertFalse(lastCall().tryDispatch());
    }

    @Test
    void aDeadlineAndAClaimExcludeEachOther() throws InterruptedException {
        bridge().dispatching(false);
        for (int i = 0; i < 500; i++) {
            CompletionStage<RpcOutcome> stage = call(CallOptions.DEFAULT);
            CallContext context = lastCall();
            AtomicBoolean claimed = new AtomicBoolean();
            Thread bridge = new Thread(() -> claimed.set(context.tryDispatch()));
            bridge.start();
            harness.time.advance(Duration.ofSeconds(31));
            bridge.join();
            assertEquals(
                    claimed.get(),
                    harness.failsNow(CallTimeoutException.class, stage).dispatched());
            hub.server("time").breaker().reset();
        }
    }
}
