package io.agenthub.api.server;

/**
 * What is done when a server changes the definition of a tool after it was first seen: who approved of the tool may not have
 * approved of what it says now. Changes are found when a list of tools passes, and told either way: as {@link ToolFinding}s.
 *
 * <p>A hub with a data directory keeps there what it has seen, so that a change is found, too, if the hub was started anew
 * meanwhile. What is known of a server is forgotten when it is restarted by hand, and when its program or address is another.
 */
public enum ToolPinning {
    /** It can be called all the same. */
    WARN,
    /** Calls of it are refused with {@link ToolBlockedException} until somebody takes the change for right. */
    BLOCK
}
