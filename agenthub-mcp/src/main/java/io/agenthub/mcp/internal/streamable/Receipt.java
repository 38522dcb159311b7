package io.agenthub.mcp.internal.streamable;

import io.agenthub.api.Scheduler;
import io.agenthub.mcp.internal.http.AnswerReader;
import io.agenthub.mcp.internal.http.HttpFault;
import io.netty.handler.codec.http.HttpHeaders;

/** The answer to a request that nobody asks more of than that it came. Confined to the loop. */
final class Receipt implements AnswerReader {
    private final Runnable done;
    private Scheduler.Task timer = () -> {};
    private boolean come;

    Receipt(Runnable done) {
        this.done = done;
    }

    /** Gives it the timer that it stops. */
    void timer(Scheduler.Task started) {
        timer = started;
    }

    /** Nothing more is waited for. */
    void end() {
        timer.cancel();
        came();
    }

    private void came() {
        if (!come) {
            come = true;
            done.run();
        }
    }

    @Override
    public boolean sending() {
        return true;
    }

    @Override
    public void begun(int status, HttpHeaders headers) {
        came();
    }

    @Override
    public void received(byte[] bytes) {}

    @Override
    public void ended() {
        end();
    }

    @Override
    public void failed(HttpFault fault) {
        end();
    }
}
