package io.agenthub.tck;

import io.agenthub.api.Promise;
import io.agenthub.api.bridge.CallContext;
import io.agenthub.api.bridge.ClientProfile;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A call context that writes down what it is told. Thread-safe. */
public final class RecordingCallContext implements CallContext {
    private final List<RpcNotification> notifications = new CopyOnWriteArrayList<>();
    private final List<RpcRequest> questions = new CopyOnWriteArrayList<>();
    private final List<String> late = new CopyOnWriteArrayList<>();
    private final AtomicInteger dispatches = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();
    private final boolean progress;
    private volatile Duration remaining = Duration.ofSeconds(30);
    private volatile ClientProfile client = ClientProfile.NONE;
    private volatile boolean ended;
    private volatile boolean withheld;
    private volatile Function<RpcRequest, CompletionStage<RpcOutcome>> answers = question -> Promise.succeeded(
            RpcError.of(RpcError.METHOD_NOT_FOUND, "This test does not answer " + question.method(), null));

    /** A call that wants no progress. */
    public RecordingCallContext() {
        this(false);
    }

    /**
     * A call.
     *
     * @param progress whether it wants progress
     */
    public RecordingCallContext(boolean progress) {
        this.progress = progress;
    }

    /**
     * Answers every question with one result.
     *
     * @param result the result
     * @return this
     */
    public RecordingCallContext answering(JsonText result) {
        return answering(question -> Promise.succeeded(new RpcResult(result)));
    }

    /**
     * Answers questions.
     *
     * @param answers what to answer to each
     * @return this
     */
    public RecordingCallContext answering(Function<RpcRequest, CompletionStage<RpcOutcome>> answers) {
        this.answers = answers;
        return this;
    }

    /**
     * Sets the time left, which does not pass by itself.
     *
     * @param time what {@link #remaining()} says
     * @return this
     */
    public RecordingCallContext remaining(Duration time) {
        remaining = time;
        return this;
    }

    /**
     * Says who calls.
     *
     * @param profile what the server may know of the caller; {@link ClientProfile#NONE} at first
     * @return this
     */
    public RecordingCallContext client(ClientProfile profile) {
        client = profile;
        return this;
    }

    /** Marks the end of the call: whatever is reported from here on is {@link #late()}. */
    public void ended() {
        ended = true;
    }

    @Override
    public Duration remaining() {
        return remaining;
    }

    @Override
    public ClientProfile client() {
        return client;
    }

    /**
     * Lets the request not leave, as if the call had ended while it waited.
     *
     * @return this
     */
    public RecordingCallContext withheld() {
        withheld = true;
        return this;
    }

    @Override
    public boolean tryDispatch() {
        asked.incrementAndGet();
        if (withheld) {
            return false;
        }
        note("dispatched");
        dispatches.incrementAndGet();
        return true;
    }

    @Override
    public boolean wantsProgress() {
        return progress;
    }

    @Override
    public void notified(RpcNotification notification) {
        note("notified " + notification.method());
        notifications.add(notification);
    }

    @Override
    public CompletionStage<RpcOutcome> asked(RpcRequest request) {
        note("asked " + request.method());
        questions.add(request);
        return answers.apply(request);
    }

    private void note(String event) {
        if (ended) {
            late.add(event);
        }
    }

    /**
     * Whether the bridge was about to hand the request over, and was told not to.
     *
     * @return true from then on
     */
    public boolean isHeldBack() {
        return withheld && asked.get() > 0;
    }

    /**
     * How often the bridge said that the request is on its way.
     *
     * @return 0 or, at the end of a call that was sent, 1
     */
    public int dispatches() {
        return dispatches.get();
    }

    /**
     * The notifications of this call.
     *
     * @return in the order of arrival
     */
    public List<RpcNotification> notifications() {
        return List.copyOf(notifications);
    }

    /**
     * The questions of this call.
     *
     * @return in the order of arrival
     */
    public List<RpcRequest> questions() {
        return List.copyOf(questions);
    }

    /**
     * What was reported after the end of the call.
     *
     * @return a contract-keeping bridge leaves it empty
     */
    public List<String> late() {
        return List.copyOf(late);
    }
}
