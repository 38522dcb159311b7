package io.agenthub.mcp.internal.stdio;

/** The same faults over pipes that threads drive, which is what systems other than Linux have. */
class ThreadsFaultsTest extends StdioFaultsTest {
    @Override
    String transport() {
        return "threads";
    }
}
