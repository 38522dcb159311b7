package io.agenthub.tck;

import io.agenthub.api.Scheduler;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import java.time.Duration;

/** What a {@link FakeBridge} does with a request: now, later, or never. Runs on the thread that made the request. */
@FunctionalInterface
public interface FakeScript {

    /** Never answers. */
    FakeScript NEVER = call -> {};

    /** Answers with the parameters, or with {@code {}} if there are none. */
    FakeScript ECHO = call -> {
        JsonText params = call.params();
        call.answer(params == null ? JsonText.EMPTY_OBJECT : params);
    };

    /** Answers that there is no such method. */
    FakeScript UNKNOWN = call -> call.error(RpcError.METHOD_NOT_FOUND, "Method not found: " + call.method());

    /**
     * Plays its part in one call.
     *
     * @param call the call
     */
    void play(FakeCall call);

    /**
     * Answers at once.
     *
     * @param json the result
     * @return the script
     */
    static FakeScript answer(String json) {
        JsonText result = JsonText.of(json);
        return call -> call.answer(result);
    }

    /**
     * Answers with a server's error.
     *
     * @param code its code
     * @param message its message
     * @return the script
     */
    static FakeScript error(int code, String message) {
        return call -> call.error(code, message);
    }

    /**
     * Fails the call, as a bridge does.
     *
     * @param failure the failure
     * @return the script
     */
    static FakeScript fail(Throwable failure) {
        return call -> call.fail(failure);
    }

    /**
     * Does the same later.
     *
     * @param scheduler measures the time
     * @param delay how much later
     * @return the script
     */
    default FakeScript after(Scheduler scheduler, Duration delay) {
        return call -> scheduler.schedule(delay, () -> play(call));
    }
}
