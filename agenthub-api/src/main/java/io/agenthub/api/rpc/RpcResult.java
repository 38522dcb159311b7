package io.agenthub.api.rpc;

/**
 * A result.
 *
 * @param value the value of {@code result}, byte for byte
 */
public record RpcResult(JsonText value) implements RpcOutcome {}
