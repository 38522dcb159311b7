package io.agenthub.api.rpc;

/**
 * One JSON-RPC 2.0 message.
 *
 * @see <a href="https://www.jsonrpc.org/specification">JSON-RPC 2.0</a>
 */
public sealed interface RpcMessage permits RpcRequest, RpcNotification, RpcResponse {

    /**
     * Reads one message strictly: one JSON object in strict UTF-8, {@code "jsonrpc":"2.0"}, no member of the envelope twice,
     * an id that is a string or an integer of at most 256 bytes, and exactly one of {@code method}, {@code result} and
     * {@code error}. Batches are refused (removed from MCP in revision 2025-06-18). Members of the envelope that JSON-RPC
     * does not know are ignored.
     *
     * @param json the bytes; the message keeps them, so they must not be changed afterwards
     * @param limits how much structure is allowed
     * @return the message
     * @throws MalformedMessageException if the bytes are anything else; its code tells broken JSON from a broken message
     */
    static RpcMessage parse(byte[] json, JsonLimits limits) {
        return parse(json, 0, json.length, limits);
    }

    /**
     * Reads one message from a range of an array; see {@link #parse(byte[], JsonLimits)}.
     *
     * @param json the array; the message keeps it
     * @param from the first byte
     * @param to the index after the last byte
     * @param limits how much structure is allowed
     * @return the message
     * @throws MalformedMessageException if the range holds anything else
     */
    static RpcMessage parse(byte[] json, int from, int to, JsonLimits limits) {
        return new RpcReader(json, from, to, limits).read();
    }

    /**
     * The message as JSON.
     *
     * @return one object, with {@code jsonrpc} first and ids, parameters and results byte for byte as they came
     */
    JsonText toJson();
}
