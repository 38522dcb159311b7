package io.agenthub.mcp.internal.transport;

import io.netty.channel.EventLoop;
import java.io.IOException;

/** One way to drive the pipes of child processes. Thread-safe. */
public interface StdioTransport {

    /**
     * The name a configuration uses.
     *
     * @return lower case
     */
    String name();

    /**
     * Starts a process with its three streams connected. Blocks while the operating system makes the process, so it is never
     * called on an event loop. Nothing is delivered before {@link StdioPipes#begin()}.
     *
     * @param process what to start; its redirects are the transport's business
     * @param label the server's name, for thread names
     * @param loop where the child's events are delivered
     * @param listener hears them
     * @return the pipes of the running process
     * @throws IOException if the process cannot be started; then nothing of the attempt is left
     */
    StdioPipes start(ProcessBuilder process, String label, EventLoop loop, PipeListener listener) throws IOException;
}
