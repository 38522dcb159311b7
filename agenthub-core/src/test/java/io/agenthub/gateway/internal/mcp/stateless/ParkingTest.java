package io.agenthub.gateway.internal.mcp.stateless;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.Promise;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.gateway.internal.mcp.wire.Pulse;
import io.agenthub.gateway.internal.mcp.wire.Secrets;
import io.agenthub.tck.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The places of calls that wait for their clients, on virtual time. */
class ParkingTest {
    private final ManualScheduler time = new ManualScheduler();
    private final Parking parking = new Parking(time, new Pulse(time), new Secrets());
    private final List<Promise<RpcOutcome>> stages = new ArrayList<>();

    private StatelessCall call() {
        Envelope envelope = new Envelope(JsonText.EMPTY_OBJECT, Optional.empty(), Optional.empty());
        StatelessCall.Turn turn =
                new StatelessCall.Turn(new RpcRequest(JsonText.of("1"), "tools/call", null), envelope, null);
        StatelessCall call = new StatelessCall(
                parking,
                new byte[0],
                turn,
                Optional.empty(),
                outcome -> outcome,
                dispatched -> RpcError.of(503, "closing", null));
        Promise<RpcOutcome> stage = new Promise<>(Runnable::run);
        stages.add(stage);
        call.follow(stage);
        return call;
    }

    private void fill() {
        for (int i = 0; i < Parking.MOST; i++) {
            assertTrue(parking.park(call()));
        }
    }

    private long cancelled() {
        return stages.stream().filter(Promise::isCancelled).count();
    }

    @Test
    void whereAllPlacesAreTakenOneMoreIsRefusedAndNobodyLosesHis() {
        fill();
        time.advance(Parking.SHORTEST.minusNanos(1));

        assertFalse(parking.park(call()));
        assertEquals(Parking.MOST, parking.size());
        assertEquals(0, cancelled());
    }

    @Test
    void onesPlaceIsTakenByAnotherOnlyAfterAWhile() {
        fill();
        time.advance(Parking.SHORTEST);

        assertTrue(parking.park(call()));
        assertEquals(Parking.MOST, parking.size());
        assertTrue(stages.get(0).isCancelled());
        assertEquals(1, cancelled());
    }

    @Test
    void aCallThatIsAskedAgainKeepsItsPlace() {
        StatelessCall first = call();
        assertTrue(parking.park(first));
        for (int i = 1; i < Parking.MOST; i++) {
            assertTrue(parking.park(call()));
        }

        assertTrue(parking.park(first));
        assertEquals(Parking.MOST, parking.size());
    }

    @Test
    void aClientThatNeverComesBackIsGivenUpAfterFiveMinutes() {
        parking.park(call());
        time.advance(Parking.PATIENCE.minusSeconds(2));
        assertEquals(0, cancelled());
        time.advance(Duration.ofSeconds(4));

        assertEquals(1, cancelled());
        assertEquals(0, parking.size());
    }
}
