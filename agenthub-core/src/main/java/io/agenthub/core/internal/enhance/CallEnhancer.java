package io.agenthub.core.internal.enhance;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Scheduler;
import io.agenthub.api.activity.Redaction;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.enhance.Prompt;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.ToolPrompt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Improves the prompts in a call's arguments where the server's configuration names them. Thread-safe; never blocks, and never
 * fails a call: in any doubt the original is sent.
 *
 * <p>The budget is kept here as well as by the enhancer, which may be anybody's.
 */
public final class CallEnhancer {
    private static final Duration LONGEST = Duration.ofSeconds(2);
    private static final int SHARE = 4;

    private final Enhancer enhancer;
    private final Scheduler scheduler;
    private final Set<EnhancedCall> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Makes one.
     *
     * @param enhancer improves prompts
     * @param scheduler time
     */
    public CallEnhancer(Enhancer enhancer, Scheduler scheduler) {
        this.enhancer = enhancer;
        this.scheduler = scheduler;
    }

    /**
     * Refuses places where secrets stand: no model is shown them.
     *
     * @param server a server's configuration
     * @throws ConfigurationException if a pointer leads to something that is called like a secret
     */
    public static void check(ServerSpec server) {
        for (int i = 0; i < server.enhance().size(); i++) {
            ToolPrompt prompt = server.enhance().get(i);
            for (String name : prompt.pointer().split("/", -1)) {
                if (Redaction.DEFAULT.isTelling(name)) {
                    throw server.settings()
                            .error(
                                    "enhance[" + i + "].pointer",
                                    "is " + prompt.pointer() + ", and what is called '" + name
                                            + "' may be a secret; those are never shown to a model");
                }
            }
        }
    }

    /**
     * Begins to improve the prompts of a call.
     *
     * @param server the server called
     * @param method the MCP method
     * @param params its parameters
     * @param options how the call is made
     * @param remaining how long the call may take; improving takes a quarter of that at most, and never more than 2 s
     * @return the improved call, or null if there is nothing to improve
     */
    public @Nullable EnhancedCall begin(
            ServerSpec server, String method, @Nullable JsonText params, CallOptions options, Duration remaining) {
        if (server.enhance().isEmpty() || params == null || !method.equals("tools/call")) {
            return null;
        }
        List<EnhancedCall.Place> places = places(server, params, options);
        if (places.isEmpty()) {
            return null;
        }
        Duration share = remaining.dividedBy(SHARE);
        Duration budget = share.compareTo(LONGEST) < 0 ? share : LONGEST;
        EnhancedCall call = new EnhancedCall(params, places, server.limits().maxFrameBytes());
        underWay.add(call);
        call.whenComplete((improved, failure) -> underWay.remove(call));
        call.begin(enhancer, scheduler, budget);
        if (closed) {
            call.close();
        }
        return call;
    }

    /** Fails what is under way with {@link io.agenthub.api.hub.HubClosedException}; for the end of the hub. */
    public void close() {
        closed = true;
        underWay.forEach(EnhancedCall::close);
    }

    private static List<EnhancedCall.Place> places(ServerSpec server, JsonText params, CallOptions options) {
        List<EnhancedCall.Place> places = new ArrayList<>();
        try {
            String tool = params.member("name").flatMap(JsonText::string).orElse("");
            for (ToolPrompt prompt : server.enhance()) {
                if (prompt.tool().equals(tool) && wanted(prompt, options)) {
                    String pointer = "/arguments" + prompt.pointer();
                    Optional<String> text = params.at(pointer).flatMap(JsonText::string);
                    text.ifPresent(value -> places.add(new EnhancedCall.Place(
                            pointer, new Prompt(value, options.client(), false, Optional.empty()))));
                }
            }
        } catch (MalformedMessageException e) {
            // A member stands twice, and only the server can say which one counts.
            return List.of();
        }
        return places;
    }

    private static boolean wanted(ToolPrompt prompt, CallOptions options) {
        return options.enhance().orElse(prompt.when() == ToolPrompt.When.ALWAYS);
    }
}
