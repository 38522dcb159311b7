/**
 * JSON-RPC 2.0 as the hub sees it: JSON that is checked once and then relayed byte for byte, and the messages made of it.
 *
 * <p>All types are immutable and thread-safe. Nothing here builds a tree: {@link io.agenthub.api.rpc.JsonText} is a checked
 * range of UTF-8 bytes, so numbers, key order and escapes reach the other side as they came.
 *
 * @see <a href="https://www.jsonrpc.org/specification">JSON-RPC 2.0</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259</a>
 */
@NullMarked
package io.agenthub.api.rpc;

import org.jspecify.annotations.NullMarked;
