package io.agenthub.api.server;

/**
 * What is done when a server changes the definition of a tool after it was first seen: who approved of the tool may not have
 * approved of what it says now. Changes are found when a list of tools passes, and told either way: as {@link ToolFinding}s.
 */
public enum ToolPinning {
    /** It can be called all the same. */
    WARN,
    /** Calls of it are refused with {@link ToolBlockedException} until somebody takes the change for right. */
    BLOCK
}
