package io.agenthub.api.hub;

import io.agenthub.api.Promise;
import io.agenthub.api.breaker.Breaker;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.server.ServerStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One MCP server as an application sees it: something to call.
 *
 * <p>Every call passes the breaker, waits for the server to be ready, and is recorded. It ends exactly once and no later than
 * its deadline, with the server's outcome or an {@link io.agenthub.api.AgentHubException}:
 *
 * <ul>
 *   <li>{@link io.agenthub.api.server.UnknownServerException} and {@link HubClosedException} before anything else,
 *   <li>{@link io.agenthub.api.server.ToolBlockedException} for a tool that changed, if the server is configured so,
 *   <li>{@link io.agenthub.api.breaker.CircuitOpenException} while the breaker is open,
 *   <li>{@link io.agenthub.api.server.ServerNotReadyException} and {@link io.agenthub.api.bridge.ConnectException} when the
 *       server does not run,
 *   <li>{@link io.agenthub.api.BusyException} at a bound,
 *   <li>{@link io.agenthub.api.bridge.BridgeClosedException}, {@link io.agenthub.api.bridge.FrameTooLongException} and {@link
 *       io.agenthub.api.bridge.CallTimeoutException} once it is on its way.
 * </ul>
 */
public interface McpServer {

    /** Pages of a list that are read before it is taken for endless. */
    int MAX_PAGES = 1_000;

    /**
     * Sends any MCP request.
     *
     * @param method the MCP method, such as {@code resources/read}
     * @param params an object or array, or null
     * @param options how the call is made
     * @return the server's outcome: a result, or an error of its own
     */
    CompletionStage<RpcOutcome> request(String method, @Nullable JsonText params, CallOptions options);

    /**
     * Sends a notification.
     *
     * @param method the MCP method
     * @param params an object or array, or null
     * @return completes when it is on its way to the server
     */
    CompletionStage<Void> notify(String method, @Nullable JsonText params);

    /**
     * Where the server stands.
     *
     * @return a snapshot
     * @throws io.agenthub.api.server.UnknownServerException if there is no such server
     */
    ServerStatus status();

    /**
     * Starts the server; without effect if it runs.
     *
     * @return its status once it runs
     */
    CompletionStage<ServerStatus> start();

    /**
     * Stops the server until it is started by hand.
     *
     * @return its status once nothing of it is left
     */
    CompletionStage<ServerStatus> stop();

    /**
     * Stops and starts the server.
     *
     * @return its status once it runs again
     */
    CompletionStage<ServerStatus> restart();

    /**
     * Closes the connection of a client session, for servers with one for each; see {@link CallOptions#session()}.
     *
     * @param session the session's name; one that is not known is ignored
     */
    default void endSession(String session) {}

    /**
     * Whether each client session has a connection of its own ({@link io.agenthub.api.server.ProcessPolicy.Mode#SESSION}), so that
     * what is said over one, such as {@code resources/subscribe}, holds for that session alone. What such a connection announces is
     * heard by all, as everything is.
     *
     * @return false unless the server is there and configured so
     */
    default boolean hasSessions() {
        return false;
    }

    /**
     * Takes the definitions of the server's tools, as they were last seen, for the right ones: what was found about them is
     * settled, and what was blocked can be called. A {@link #restart()} does more: all is forgotten, and pinned as it is seen
     * first.
     *
     * @return its status afterwards
     * @throws io.agenthub.api.server.UnknownServerException if there is no such server
     */
    default ServerStatus acknowledgeTools() {
        return status();
    }

    /**
     * The breaker that guards the server.
     *
     * @return the breaker
     * @throws io.agenthub.api.server.UnknownServerException if there is no such server
     */
    Breaker breaker();

    /**
     * Lists the tools, all pages of them.
     *
     * @return the tools in the server's order. Fails with {@link io.agenthub.api.rpc.RpcErrorException} if the server answers
     *     with an error
     */
    default CompletionStage<List<Tool>> listTools() {
        return new ToolPages(this).begin();
    }

    /**
     * Calls a tool.
     *
     * @param tool its name
     * @param arguments its arguments: maps, lists, strings, numbers, booleans, null or {@link JsonText}
     * @return what it answered. Fails with {@link io.agenthub.api.rpc.RpcErrorException} if the server answers with an error; a
     *     failure of the tool itself is a {@link ToolResult#isError() result}
     */
    default CompletionStage<ToolResult> callTool(String tool, Map<String, ?> arguments) {
        return callTool(tool, arguments, CallOptions.DEFAULT);
    }

    /**
     * Calls a tool.
     *
     * @param tool its name
     * @param arguments its arguments: maps, lists, strings, numbers, booleans, null or {@link JsonText}
     * @param options how the call is made
     * @return what it answered. Fails with {@link io.agenthub.api.rpc.RpcErrorException} if the server answers with an error
     */
    default CompletionStage<ToolResult> callTool(String tool, Map<String, ?> arguments, CallOptions options) {
        Map<String, JsonText> params = new LinkedHashMap<>();
        params.put("name", JsonText.quote(tool));
        params.put("arguments", JsonText.ofValue(arguments));
        return Promise.chain(
                request("tools/call", JsonText.object(params), options),
                outcome -> Promise.succeeded(new ToolResult(outcome.orThrow())));
    }
}
