package io.agenthub.mcp.internal.streamable;

import io.agenthub.api.rpc.JsonLimits;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcMessage;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcResponse;
import io.agenthub.mcp.internal.streamable.FakeHttp.Answer;
import io.agenthub.mcp.internal.streamable.FakeHttp.Request;
import io.agenthub.tck.FakeMcpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** A server with sessions over HTTP: behind each session, a {@link FakeMcpServer} in a process of its own. */
final class ProcessFace implements FakeHttp.Handler, AutoCloseable {
    private final String[] modes;
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();

    ProcessFace(String... modes) {
        this.modes = modes;
    }

    @Override
    public void handle(Request request, Answer answer) throws IOException {
        String id = request.header("mcp-session-id");
        if (request.rpcMethod().equals("initialize")) {
            String fresh = UUID.randomUUID().toString();
            Session session = new Session();
            sessions.put(fresh, session);
            session.post(request, answer, "Mcp-Session-Id: " + fresh);
        } else if (id.isEmpty()) {
            answer.json(
                    400,
                    "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32000,\"message\":\"Bad Request: no session\"},\"id\":null}");
        } else if (!sessions.containsKey(id)) {
            answer.json(
                    404,
                    "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32001,\"message\":\"Session not found\"},\"id\":null}");
        } else if (request.method().equals("POST")) {
            sessions.get(id).post(request, answer);
        } else if (request.method().equals("GET")) {
            sessions.get(id).listen(answer);
        } else {
            sessions.remove(id).end();
            answer.status(200);
        }
    }

    /** How many sessions are open. */
    int sessions() {
        return sessions.size();
    }

    @Override
    public void close() {
        sessions.values().forEach(Session::end);
    }

    private final class Session {
        private final Process process;
        private final Map<String, Answer> streams = new LinkedHashMap<>();
        private final Deque<String> backlog = new ArrayDeque<>();
        private Answer feed;

        Session() throws IOException {
            process = new ProcessBuilder(FakeMcpServer.command(modes))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Thread reader = new Thread(this::read, "process-face");
            reader.setDaemon(true);
            reader.start();
        }

        synchronized void post(Request request, Answer answer, String... headers) {
            RpcMessage message = RpcMessage.parse(request.body().getBytes(StandardCharsets.UTF_8), JsonLimits.RELAY);
            boolean expectsAnswer = request.json().member("method").isPresent()
                    && request.json().member("id").isPresent();
            if (expectsAnswer) {
                answer.stream(headers);
                streams.put(request.id(), answer);
                answer.whenEnded(() -> forget(request.id()));
            }
            try {
                process.getOutputStream()
                        .write((message.toJson().singleLine() + "\n").getBytes(StandardCharsets.UTF_8));
                process.getOutputStream().flush();
            } catch (IOException e) {
                answer.close();
                return;
            }
            if (!expectsAnswer) {
                answer.status(202);
            }
        }

        private synchronized void forget(String id) {
            streams.remove(id);
        }

        synchronized void listen(Answer answer) {
            answer.stream();
            feed = answer;
            while (!backlog.isEmpty()) {
                answer.event(backlog.remove());
            }
        }

        private void read() {
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    said(line);
                }
            } catch (IOException e) {
                // It ended.
            }
            ended();
        }

        private synchronized void ended() {
            streams.values().forEach(Answer::close);
            streams.clear();
        }

        private synchronized void said(String line) {
            RpcMessage message;
            try {
                message = RpcMessage.parse(line.getBytes(StandardCharsets.UTF_8), JsonLimits.RELAY);
            } catch (MalformedMessageException e) {
                return;
            }
            try {
                Answer stream = streamFor(message);
                if (stream == null && isProgress(message)) {
                    // On another stream it could overtake the answer, so servers do not send it there.
                    return;
                }
                if (stream != null) {
                    stream.event(line);
                } else if (feed != null) {
                    feed.event(line);
                } else {
                    backlog.add(line);
                }
                if (message instanceof RpcResponse && stream != null) {
                    stream.end();
                }
            } catch (UncheckedIOException e) {
                // Whom it was for has gone.
            }
        }

        /** The stream a message belongs to, as far as that can be told from outside. */
        private Answer streamFor(RpcMessage message) {
            if (message instanceof RpcResponse response) {
                return streams.remove(String.valueOf(response.id()));
            }
            if (message instanceof RpcNotification notification
                    && notification.method().endsWith("/progress")) {
                JsonText params = notification.params();
                return params == null
                        ? null
                        : streams.get(params.member("progressToken")
                                .map(JsonText::toString)
                                .orElse(""));
            }
            return streams.size() == 1 ? streams.values().iterator().next() : null;
        }

        private static boolean isProgress(RpcMessage message) {
            return message instanceof RpcNotification notification
                    && notification.method().equals("notifications/progress");
        }

        void end() {
            process.destroyForcibly();
        }
    }
}
