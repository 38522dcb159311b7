package io.agenthub.core.internal.hub;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.ClientProfile;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.api.server.ManagedServer;
import io.agenthub.api.server.ProcessPolicy;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.ServerStatus;
import io.agenthub.api.server.ToolBlockedException;
import io.agenthub.api.server.ToolPinning;
import io.agenthub.core.internal.breaker.CallBreaker;
import io.agenthub.core.internal.lease.BridgePool;
import io.agenthub.core.internal.lease.Lease;
import io.agenthub.core.internal.monitor.ServerMeter;
import io.agenthub.core.internal.pinning.ToolPins;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A server, what guards it, and its connections beside the shared one; replaced whole when its configuration changes.
 *
 * @param managed the server under supervision
 * @param breaker its breaker
 * @param pool its further connections
 * @param meter counts its calls and what goes over its connections
 * @param formerRestarts how often the server was started again under configurations before this one
 * @param pins what its tools were when they were first seen
 * @param subscriptions the resources it watches
 * @param deadlines of its calls that have the time it gives them
 */
record ServerEntry(
        ManagedServer managed,
        CallBreaker breaker,
        BridgePool pool,
        ServerMeter meter,
        long formerRestarts,
        ToolPins pins,
        Subscriptions subscriptions,
        DeadlineQueue deadlines) {
    /** The first revision without sessions, whose servers answer a question to the caller instead of sending it. */
    private static final String STATELESS = "2026-07-28";

    /** The requests during which a server may ask its caller something. */
    private static final Set<String> ASKING = Set.of("tools/call", "prompts/get", "resources/read");

    ServerSpec spec() {
        return managed.spec();
    }

    ServerStatus status() {
        ServerStatus status = managed.status();
        return status.withRestarts(formerRestarts + status.restarts()).withToolFindings(pins.findings());
    }

    /** Another configuration takes its place; what was counted of the server is counted on. */
    void replaced() {
        meter.reconfigured(status().restarts(), breaker.status().refused());
    }

    /** Why a call must not be made, if it must not. */
    @Nullable
    AgentHubException refusal(String method, @Nullable JsonText params) {
        if (spec().toolPinning() != ToolPinning.BLOCK || params == null || !method.equals("tools/call")) {
            return null;
        }
        try {
            return params.member("name")
                    .flatMap(JsonText::string)
                    .flatMap(pins::blocked)
                    .map(finding -> new ToolBlockedException(spec().name(), finding))
                    .orElse(null);
        } catch (MalformedMessageException e) {
            // The name stands twice: which tool the server would take it for cannot be known.
            return e;
        }
    }

    /** A request succeeded; heard of before its caller can act on it. */
    void succeeded(String method, @Nullable JsonText params, RpcResult result, CallOptions options, boolean shared) {
        if (method.equals("tools/list")) {
            pins.listed(params, result.value());
        } else if (Subscriptions.concerns(method)) {
            if (shared) {
                subscriptions.succeeded(Subscriptions.SHARED, method, params);
            } else if (hasSessions()) {
                options.session()
                        .filter(pool::hasSession)
                        .ifPresent(session -> subscriptions.succeeded(session, method, params));
            }
        }
    }

    boolean hasSessions() {
        return spec().process().mode() == ProcessPolicy.Mode.SESSION;
    }

    void endSession(String session) {
        subscriptions.forget(session);
        pool.endSession(session);
    }

    /** A connection of its own for a call, as the server's policy asks for; null if the shared one will do. */
    @Nullable
    CompletionStage<Lease> lease(Bridge shared, String method, CallOptions options) {
        ProcessPolicy.Mode mode = spec().process().mode();
        if (mode == ProcessPolicy.Mode.SHARED) {
            return null;
        }
        ClientProfile profile = options.profile();
        if (hasSessions()) {
            return options.session().isEmpty()
                    ? null
                    : pool.session(options.session().get(), askable(profile));
        }
        boolean may = ASKING.contains(method);
        if (mode == ProcessPolicy.Mode.AUTO) {
            may = may && profile.canBeAsked() && shared.info().protocolVersion().compareTo(STATELESS) < 0;
        }
        return may ? pool.exclusive(askable(profile)) : null;
    }

    /** What the server is told that the caller can be asked. A client's roots widen what some servers may touch. */
    private JsonText askable(ClientProfile profile) {
        boolean forward =
                spec().settings().string("roots").filter("forward"::equals).isPresent();
        return forward ? profile.capabilities() : profile.capabilities().without("roots");
    }
}
