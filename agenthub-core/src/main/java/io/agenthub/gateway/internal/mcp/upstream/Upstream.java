package io.agenthub.gateway.internal.mcp.upstream;

import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What an endpoint serves: one server, or all of them as one. */
public interface Upstream {

    /**
     * Its name, for records and messages.
     *
     * @return the name in the endpoint's path, or empty for all servers
     */
    String name();

    /**
     * What it is. Brings up a server that does not run yet.
     *
     * @return its description; fails as a call does
     */
    CompletionStage<Description> describe();

    /**
     * Calls it.
     *
     * @param method any method
     * @param params an object or array, or null
     * @param options how the call is made
     * @return the outcome; fails as {@link io.agenthub.api.hub.McpServer#request} does
     */
    CompletionStage<RpcOutcome> request(String method, @Nullable JsonText params, CallOptions options);

    /**
     * Passes a notification on. What comes of it is nobody's business but the log's.
     *
     * @param notification any notification
     */
    void notify(RpcNotification notification);

    /**
     * Whether the server that a request goes to is of the stateless era, so that it looks after the state of its requests itself.
     *
     * @param method the method
     * @param params its parameters
     * @return false, too, if the server is not known well enough to tell
     */
    CompletionStage<Boolean> isStateless(String method, @Nullable JsonText params);

    /**
     * What is known of it without asking.
     *
     * @return its description, or empty if it does not run
     */
    Optional<Description> known();

    /**
     * As {@link #isStateless}, but without asking.
     *
     * @param method the method
     * @param params its parameters
     * @return false, too, if that is not known
     */
    boolean isKnownStateless(String method, @Nullable JsonText params);

    /**
     * A client session has ended: connections that were opened for it alone are not needed any more.
     *
     * @param session the name it gave its calls
     */
    void endSession(String session);

    /**
     * The parameters of a tool that a client repeats in headers.
     *
     * @param tool the tool's name
     * @return none if there is no such tool; fails as a call does
     */
    CompletionStage<List<MirroredParameter>> mirrored(String tool);

    /**
     * Begins to watch a resource, for one more client.
     *
     * @param uri the resource
     * @param options how the call is made, if one is needed
     * @return an empty result, or the server's error
     */
    CompletionStage<RpcOutcome> watch(String uri, CallOptions options);

    /**
     * Ends watching a resource, for one client.
     *
     * @param uri the resource
     * @param options how the call is made, if one is needed
     * @return an empty result, or the server's error
     */
    CompletionStage<RpcOutcome> unwatch(String uri, CallOptions options);

    /**
     * Ends watching a resource, for a client that has gone.
     *
     * @param uri the resource
     * @param session the session it was watched in, if it was in one
     */
    void release(String uri, Optional<String> session);

    /**
     * Hears what is announced outside any call.
     *
     * @param listener called on the callback executor, in order
     * @return ends the listening
     */
    Hub.Registration listen(Consumer<RpcNotification> listener);
}
