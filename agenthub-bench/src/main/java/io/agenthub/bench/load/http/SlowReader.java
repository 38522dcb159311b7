package io.agenthub.bench.load.http;

import io.netty.buffer.Unpooled;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A client that asks for many long answers at once and reads none of them until told. For one thread. */
public final class SlowReader implements Closeable {
    private static final int TIMEOUT_MILLIS = 30_000;
    private static final int RECEIVE_BYTES = 64 * 1024;

    private final Socket socket;
    private final CallTemplate template;
    private final int calls;

    private SlowReader(Socket socket, CallTemplate template, int calls) {
        this.socket = socket;
        this.template = template;
        this.calls = calls;
    }

    /**
     * Sends the calls.
     *
     * @param route where to
     * @param calls how many, one after the other without waiting
     * @param bytes length of each answer's text
     * @return the client, which has read nothing
     * @throws IOException if nobody listens
     */
    public static SlowReader ask(Route route, int calls, int bytes) throws IOException {
        CallTemplate template = CallTemplate.blob(route, bytes);
        Socket socket = new Socket();
        try {
            socket.setReceiveBufferSize(RECEIVE_BYTES);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), route.port()), TIMEOUT_MILLIS);
            for (int i = 0; i < calls; i++) {
                byte[] request = template.newRequest();
                for (int place : template.requestNumbers()) {
                    CallTemplate.digits(request, place, CallTemplate.FIRST + i);
                }
                socket.getOutputStream().write(request);
            }
            return new SlowReader(socket, template, calls);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Reads the answers.
     *
     * @return how many came whole and in order
     * @throws IOException if the connection breaks
     */
    public int readAll() throws IOException {
        ResponseReader reader = new ResponseReader();
        AnswerCheck check = new AnswerCheck(template);
        byte[] bytes = new byte[RECEIVE_BYTES];
        InputStream in = socket.getInputStream();
        int correct = 0;
        int seen = 0;
        int read;
        while (seen < calls && (read = in.read(bytes)) >= 0) {
            boolean complete = reader.read(Unpooled.wrappedBuffer(bytes, 0, read));
            while (complete) {
                boolean right =
                        check.matches(reader.bytes(), reader.bodyFrom(), reader.bodyTo(), CallTemplate.FIRST + seen);
                correct += reader.status() == 200 && right ? 1 : 0;
                seen++;
                complete = reader.next();
            }
        }
        return correct;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
