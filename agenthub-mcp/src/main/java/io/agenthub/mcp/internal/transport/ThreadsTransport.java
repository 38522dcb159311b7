package io.agenthub.mcp.internal.transport;

import io.agenthub.mcp.internal.process.Launcher;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.concurrent.Executor;

/**
 * Pipes driven by threads: works wherever Java does.
 *
 * <p>Each child has two daemon threads that read its outputs; its input is written by threads of a pool that must have no
 * cap, since a child that does not read holds one of them for as long as it lives.
 */
public final class ThreadsTransport implements StdioTransport {
    private final Executor writers;

    /**
     * Makes the transport.
     *
     * @param writers runs writes that may block for long; never refuses for lack of threads
     */
    public ThreadsTransport(Executor writers) {
        this.writers = writers;
    }

    @Override
    public String name() {
        return "threads";
    }

    @Override
    public StdioPipes start(ProcessBuilder process, String label, EventLoop loop, PipeListener listener)
            throws IOException {
        process.redirectInput(ProcessBuilder.Redirect.PIPE)
                .redirectOutput(ProcessBuilder.Redirect.PIPE)
                .redirectError(ProcessBuilder.Redirect.PIPE);
        return new ThreadsPipes(Launcher.start(process), label, loop, listener, writers);
    }
}
