package io.agenthub.bench.load.peer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** How fast a server's answers come out of its pipe when nobody looks at them. For one thread. */
public final class BarePipe {
    private static final int READ_BYTES = 64 * 1024;
    private static final int AHEAD = 2;

    private final OutputStream in;
    private final InputStream out;
    private final byte[] call;
    private final byte[] buffer = new byte[READ_BYTES];
    private long answerBytes;
    private long rest;

    private BarePipe(OutputStream in, InputStream out, int bytes) {
        this.in = in;
        this.out = out;
        this.call = ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"blob\","
                        + "\"arguments\":{\"bytes\":" + bytes + ",\"message\":\"m\"}}}\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Asks a stub server for long answers, two ahead, and reads them.
     *
     * @param command starts the server
     * @param bytes length of each answer's text
     * @param span how long; half as long before to warm up
     * @return bytes each second
     * @throws IOException if the server does not start or breaks
     */
    public static double copy(List<String> command, int bytes, Duration span) throws IOException {
        Process server = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream in = server.getOutputStream();
                InputStream out = server.getInputStream()) {
            BarePipe pipe = new BarePipe(in, out, bytes);
            pipe.first();
            pipe.read(span.dividedBy(2));
            return pipe.read(span) / (span.toNanos() / 1e9);
        } finally {
            server.destroy();
        }
    }

    /** Reads one answer to learn how long they are, and asks for more. */
    private void first() throws IOException {
        in.write(call);
        in.flush();
        int last = 0;
        while (last != '\n') {
            int read = some();
            answerBytes += read;
            last = buffer[read - 1];
        }
        rest = answerBytes;
        for (int i = 0; i < AHEAD; i++) {
            in.write(call);
        }
        in.flush();
    }

    private long read(Duration span) throws IOException {
        long until = System.nanoTime() + span.toNanos();
        long bytes = 0;
        while (System.nanoTime() - until < 0) {
            int read = some();
            bytes += read;
            rest -= read;
            while (rest <= 0) {
                rest += answerBytes;
                in.write(call);
                in.flush();
            }
        }
        return bytes;
    }

    private int some() throws IOException {
        int read = out.read(buffer);
        if (read < 0) {
            throw new IOException("the server ended");
        }
        return read;
    }
}
