package io.agenthub.mcp.internal.streamable;

import io.agenthub.api.Scheduler;
import io.agenthub.api.bridge.BridgeListener;
import io.agenthub.api.rpc.JsonLimits;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcMessage;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResponse;
import io.agenthub.mcp.internal.call.Counters;
import io.agenthub.mcp.internal.call.Guard;
import io.agenthub.mcp.internal.call.PrivateId;
import io.agenthub.mcp.internal.call.ProgressToken;
import io.agenthub.mcp.internal.call.Questions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the server says: each message goes to the call that it belongs to, or to whoever listens to the server. Confined to the loop. */
final class Inbox {
    private final Wire wire;
    private final Counters counters;
    private final Guard guard;
    private final Questions questions;
    private final BridgeListener listener;
    private final Scheduler scheduler;

    Inbox(
            Wire wire,
            Counters counters,
            Guard guard,
            Questions questions,
            BridgeListener listener,
            Scheduler scheduler) {
        this.wire = wire;
        this.counters = counters;
        this.guard = guard;
        this.questions = questions;
        this.listener = listener;
        this.scheduler = scheduler;
    }

    /** A message came: on the stream of a call, or on none. */
    void message(@Nullable Call source, byte[] json) {
        try {
            RpcMessage message = RpcMessage.parse(json, JsonLimits.RELAY);
            counters.lastTraffic = scheduler.nanoTime();
            heard(source, message);
        } catch (MalformedMessageException e) {
            // Also where a member that matters here stands twice.
            counters.noise(json.length);
        }
    }

    private void heard(@Nullable Call source, RpcMessage message) {
        if (message instanceof RpcResponse response) {
            answered(source, response);
        } else if (message instanceof RpcNotification notification) {
            notified(source, notification);
        } else {
            asked(source, (RpcRequest) message);
        }
    }

    private void answered(@Nullable Call source, RpcResponse response) {
        JsonText id = response.id();
        Optional<Call> call = id == null || id.isNull()
                ? Optional.ofNullable(source).filter(wire::isPending)
                : PrivateId.read(id).flatMap(wire::find);
        if (call.isPresent() && call.get().stream.dispatched()) {
            wire.succeed(call.get(), response.outcome());
        } else {
            counters.orphans.increment();
        }
    }

    private void notified(@Nullable Call source, RpcNotification notification) {
        switch (notification.method()) {
            case "notifications/progress" ->
                ProgressToken.idOf(notification).flatMap(wire::find).ifPresent(call -> progressed(call, notification));
            case "notifications/cancelled" -> questions.withdrawn(notification);
            default -> {
                if (source != null && belongsTo(notification)) {
                    tell(source, notification);
                } else {
                    guard.run("notified", () -> listener.notified(notification));
                }
            }
        }
    }

    /** On a stream of the stateless era all belongs to its call; on others only what is said of no list and no resource. */
    private boolean belongsTo(RpcNotification notification) {
        return !wire.hasSession() || notification.method().equals("notifications/message");
    }

    private void progressed(Call call, RpcNotification notification) {
        if (call.context.wantsProgress()) {
            tell(call, ProgressToken.restore(notification, call.progressToken));
        }
    }

    private void tell(Call call, RpcNotification notification) {
        if (wire.isPending(call) && !call.isDone()) {
            guard.run("notified", () -> call.context.notified(notification));
        }
    }

    private void asked(@Nullable Call source, RpcRequest question) {
        if (wire.hasSession()) {
            Optional<Call> meant = source == null ? sole() : Optional.of(source).filter(wire::isPending);
            questions.asked(question, meant.map(call -> call.context));
        } else if (source != null) {
            counters.noise(1);
            wire.fail(
                    source,
                    wire.refusals()
                            .unusable("sent the request " + question.method()
                                    + " of its own, which a stateless server must not"));
        }
    }

    /** The only call that can be meant by a question that came on no call's stream. */
    private Optional<Call> sole() {
        Call found = null;
        for (Call call : wire.calls()) {
            if (!call.lane.isAside()) {
                if (found != null) {
                    return Optional.empty();
                }
                found = call;
            }
        }
        return Optional.ofNullable(found);
    }
}
