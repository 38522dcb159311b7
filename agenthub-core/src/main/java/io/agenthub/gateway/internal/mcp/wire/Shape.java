package io.agenthub.gateway.internal.mcp.wire;

import io.agenthub.api.bridge.ProtocolViolationException;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcOutcome;
import java.util.function.Function;
import java.util.function.Supplier;

/** Brings what servers answer into the shape that a client's revision asks for. */
public final class Shape {
    private Shape() {}

    /**
     * The outcome in its new shape; or, if the server's answer is such that it cannot have one, the error that says so. A client
     * always has an answer.
     *
     * @param server the server's name
     * @param errors turns failures into JSON-RPC errors
     * @param shaped makes the outcome; fails with {@link MalformedMessageException} if what the server meant cannot be known
     * @return what the client is answered with
     */
    public static RpcOutcome of(String server, Function<Throwable, RpcError> errors, Supplier<RpcOutcome> shaped) {
        try {
            return shaped.get();
        } catch (MalformedMessageException e) {
            return errors.apply(new ProtocolViolationException(
                    server, "gave an answer that cannot be passed on: " + e.getMessage()));
        } catch (RuntimeException | Error e) {
            return errors.apply(e);
        }
    }
}
