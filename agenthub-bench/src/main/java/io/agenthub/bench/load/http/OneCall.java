package io.agenthub.bench.load.http;

import io.netty.buffer.Unpooled;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** A plain blocking connection for single calls: handshakes, the first answer after a start, idle connections. */
public final class OneCall implements Closeable {

    /**
     * One answer.
     *
     * @param status the HTTP status
     * @param head the status line and the headers
     * @param body the body
     */
    public record Answer(int status, String head, String body) {

        /**
         * A header.
         *
         * @param name its name in any case
         * @return its value, or empty
         */
        public Optional<String> header(String name) {
            String wanted = name.toLowerCase(Locale.ROOT) + ":";
            return head.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(wanted))
                    .map(line -> line.substring(wanted.length()).trim())
                    .findFirst();
        }
    }

    private final Socket socket;

    private OneCall(Socket socket) {
        this.socket = socket;
    }

    /**
     * Connects.
     *
     * @param port on the loopback address
     * @param timeout for connecting and for each answer
     * @return the connection
     * @throws IOException if nobody listens
     */
    public static OneCall connect(int port, Duration timeout) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) timeout.toMillis());
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) timeout.toMillis());
            return new OneCall(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Posts a body and waits for the answer.
     *
     * @param route where to
     * @param json the body
     * @return the answer
     * @throws IOException if the connection breaks or times out
     */
    public Answer post(Route route, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        socket.getOutputStream().write((route.head(body.length) + json).getBytes(StandardCharsets.UTF_8));
        return answer();
    }

    /**
     * Gets a resource.
     *
     * @param path its path
     * @return the answer
     * @throws IOException if the connection breaks or times out
     */
    public Answer get(String path) throws IOException {
        String head = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + socket.getPort() + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        return answer();
    }

    private Answer answer() throws IOException {
        ResponseReader reader = new ResponseReader();
        byte[] bytes = new byte[64 * 1024];
        InputStream in = socket.getInputStream();
        int read;
        while ((read = in.read(bytes)) >= 0) {
            if (reader.read(Unpooled.wrappedBuffer(bytes, 0, read))) {
                return new Answer(reader.status(), reader.headText(), reader.bodyText());
            }
        }
        throw new IOException("the connection was closed before the answer was complete");
    }

    /**
     * Whether the other side has closed the connection; waits for it up to the timeout.
     *
     * @return true at the end of the stream
     * @throws IOException if it neither closes nor keeps silent
     */
    public boolean ended() throws IOException {
        return socket.getInputStream().read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
