package io.agenthub.mcp.internal.stdio;

/** The same conversation over pipes that threads drive, which is what systems other than Linux have. */
class ThreadsConversationTest extends StdioConversationTest {
    @Override
    String transport() {
        return "threads";
    }
}
