package io.agenthub.mcp.internal.streamable;

import io.agenthub.api.rpc.JsonText;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * An HTTP/1.1 server on a loopback socket whose answers are written byte by byte as a test wants them, right or wrong. A thread
 * for each connection; an answer may be finished later, from any thread.
 */
final class FakeHttp implements AutoCloseable {
    private final ServerSocket socket;
    private final Layer layer;
    private final Handler handler;
    /** As they were accepted, below any TLS: closing a TLS socket waits for whoever reads from it. */
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private final AtomicInteger accepted = new AtomicInteger();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    /** Makes of an accepted connection the one that is read and written. */
    private interface Layer {
        Socket over(Socket connection) throws IOException;
    }

    /** Answers requests. What it throws closes the connection. */
    @FunctionalInterface
    interface Handler {
        void handle(Request request, Answer answer) throws IOException;
    }

    /** A request; header names are in lower case. */
    record Request(String method, String target, Map<String, String> headers, String body) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }

        JsonText json() {
            return JsonText.of(body);
        }

        String rpcMethod() {
            return body.isEmpty()
                    ? ""
                    : json().member("method").flatMap(JsonText::string).orElse("");
        }

        /** The id as it is written. */
        String id() {
            return json().member("id").map(JsonText::toString).orElse("null");
        }
    }

    FakeHttp(Handler handler) throws IOException {
        this(connection -> connection, handler);
    }

    /** Speaks TLS. */
    FakeHttp(SSLContext tls, Handler handler) throws IOException {
        this(connection -> layered(tls, connection), handler);
    }

    private FakeHttp(Layer layer, Handler handler) throws IOException {
        this.socket = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        this.layer = layer;
        this.handler = handler;
        daemon("fake-http", this::accept);
    }

    private static Socket layered(SSLContext tls, Socket connection) throws IOException {
        SSLSocketFactory sockets = tls.getSocketFactory();
        SSLSocket layered = (SSLSocket) sockets.createSocket(connection, null, connection.getPort(), true);
        layered.setUseClientMode(false);
        return layered;
    }

    int port() {
        return socket.getLocalPort();
    }

    String url() {
        return "http://127.0.0.1:" + port() + "/mcp";
    }

    /** How many connections there have been. */
    int connections() {
        return accepted.get();
    }

    /** How many connections there are now. */
    int openConnections() {
        return open.size();
    }

    /** What has come so far. */
    List<Request> requests() {
        return requests;
    }

    List<Request> requests(String rpcMethod) {
        return requests.stream()
                .filter(request -> request.rpcMethod().equals(rpcMethod))
                .toList();
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = socket.accept();
                accepted.incrementAndGet();
                open.add(connection);
                if (socket.isClosed()) {
                    // Closing did not see it.
                    connection.close();
                }
                daemon("fake-http-connection", () -> serve(connection));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket accepted) {
        Answer answer = null;
        try (accepted;
                Socket connection = layer.over(accepted)) {
            connection.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(connection.getInputStream());
            OutputStream out = connection.getOutputStream();
            for (Request request = read(in); request != null; request = read(in)) {
                requests.add(request);
                answer = new Answer(connection, out);
                handler.handle(request, answer);
            }
        } catch (IOException | RuntimeException e) {
            // The connection is over.
        } finally {
            open.remove(accepted);
            if (answer != null) {
                answer.connectionEnded();
            }
        }
    }

    private static Request read(InputStream in) throws IOException {
        String first = line(in);
        if (first.isEmpty()) {
            return null;
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        String[] words = first.split(" ", -1);
        return new Request(words[0], words[1], headers, body);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    /** Where an answer is written. Thread-safe. */
    static final class Answer {
        private final Socket connection;
        private final OutputStream out;
        private Runnable whenEnded = () -> {};
        private boolean over;

        Answer(Socket connection, OutputStream out) {
            this.connection = connection;
            this.out = out;
        }

        /** Runs when the connection ends while this is its last answer. */
        synchronized void whenEnded(Runnable task) {
            if (over) {
                task.run();
            } else {
                whenEnded = task;
            }
        }

        private void connectionEnded() {
            Runnable task;
            synchronized (this) {
                over = true;
                task = whenEnded;
            }
            task.run();
        }

        /** Writes as it is. */
        synchronized void raw(String text) {
            raw(text.getBytes(StandardCharsets.UTF_8));
        }

        synchronized void raw(byte[] bytes) {
            try {
                out.write(bytes);
                out.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void status(int status, String... headers) {
            body(status, "", headers);
        }

        void json(int status, String json, String... headers) {
            String[] all = java.util.Arrays.copyOf(headers, headers.length + 1);
            all[headers.length] = "Content-Type: application/json";
            body(status, json, all);
        }

        void body(int status, String body, String... headers) {
            raw(head(status, headers) + "Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n"
                    + body);
        }

        private static String head(int status, String... headers) {
            StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append(" Word\r\n");
            for (String header : headers) {
                head.append(header).append("\r\n");
            }
            return head.toString();
        }

        /** Begins a stream of events. */
        void stream(String... headers) {
            raw(head(200, headers) + "Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        }

        /** Writes a piece of the stream, in a chunk of its own. */
        void chunk(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            ByteArrayOutputStream chunk = new ByteArrayOutputStream();
            chunk.writeBytes((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            chunk.writeBytes(bytes);
            chunk.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
            raw(chunk.toByteArray());
        }

        void event(String data) {
            chunk("event: message\ndata: " + data + "\n\n");
        }

        /** Ends the stream. */
        void end() {
            raw("0\r\n\r\n");
        }

        /** Ends the connection in order. */
        void close() {
            try {
                connection.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Ends the connection so that the peer sees it broken. */
        void reset() {
            try {
                connection.setSoLinger(true, 0);
                connection.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket connection : open) {
            connection.close();
        }
    }
}
