package io.agenthub.examples.gateway.figures;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One HTTP connection that is kept, for one request after the other. Confined to its thread. */
final class KeptConnection implements AutoCloseable {
    private final Socket socket = new Socket();
    private final InputStream in;
    private final String host;
    private String head = "";

    KeptConnection(int port) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(30_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
        in = new BufferedInputStream(socket.getInputStream());
        host = "127.0.0.1:" + port;
    }

    /** Calls the tool {@code echo} by the plain proxy; answers the body of whatever came. */
    String echo(String server, String id, String message) throws IOException {
        send(server, id, message);
        return receive();
    }

    void send(String server, String id, String message) throws IOException {
        String body = "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":"
                + "{\"name\":\"echo\",\"arguments\":{\"message\":\"" + message + "\"}}}";
        String request = "POST /mcp/" + server + "/tools/call HTTP/1.1\r\nHost: " + host
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }

    String receive() throws IOException {
        int length = -1;
        StringBuilder lines = new StringBuilder();
        for (String line = line(); !line.isEmpty(); line = line()) {
            lines.append(line).append('\n');
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).trim());
            }
        }
        if (length < 0) {
            throw new IOException("an answer without a length");
        }
        head = lines.toString();
        byte[] answer = in.readNBytes(length);
        if (answer.length < length) {
            throw new EOFException("the answer ended early");
        }
        return new String(answer, StandardCharsets.UTF_8);
    }

    /** The status line and the headers of what was received last. */
    String head() {
        return head;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
