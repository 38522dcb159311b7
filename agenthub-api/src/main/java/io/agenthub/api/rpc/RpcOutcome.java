package io.agenthub.api.rpc;

/** What a server made of a request: a result, or an error of its own. Both are answers, and both are values. */
public sealed interface RpcOutcome permits RpcResult, RpcError {

    /**
     * The result, where an error is not expected.
     *
     * @return the result's value
     * @throws RpcErrorException if the server answered with an error
     */
    default JsonText orThrow() {
        if (this instanceof RpcResult result) {
            return result.value();
        }
        throw new RpcErrorException((RpcError) this);
    }
}
