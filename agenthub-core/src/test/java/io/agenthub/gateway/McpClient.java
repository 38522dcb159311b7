package io.agenthub.gateway;

import io.agenthub.api.rpc.JsonText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A client of MCP that says exactly what a test wants it to. */
final class McpClient {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final URI endpoint;
    private final Map<String, String> headers = new LinkedHashMap<>();

    McpClient(GatewayHarness harness, String path) {
        endpoint = URI.create("http://" + harness.host() + path);
        headers.put("content-type", "application/json");
        headers.put("accept", "application/json, text/event-stream");
    }

    /** From now on sends this header; null means no longer. */
    McpClient with(String name, String value) {
        if (value == null) {
            headers.remove(name);
        } else {
            headers.put(name, value);
        }
        return this;
    }

    /** Begins a session and uses it from now on. */
    Answer initialize(String version, String capabilities) {
        Answer answer =
                post("{\"jsonrpc\":\"2.0\",\"id\":\"init\",\"method\":\"initialize\",\"params\":{\"protocolVersion\":\""
                        + version + "\",\"capabilities\":" + capabilities
                        + ",\"clientInfo\":{\"name\":\"test-client\",\"version\":\"1\"}}}");
        answer.header("mcp-session-id").ifPresent(id -> with("mcp-session-id", id));
        return answer;
    }

    Answer post(String body) {
        return send("POST", body);
    }

    Answer call(String id, String method, String params) {
        return post("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + params + "}");
    }

    Answer send(String method, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint)
                .timeout(PATIENCE)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        headers.forEach((name, value) -> {
            if (body != null || !name.equals("content-type")) {
                request.header(name, value);
            }
        });
        try {
            return new Answer(http.send(request.build(), BodyHandlers.ofInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** One event of a stream. */
    record Event(String id, JsonText data) {
        String method() {
            return data.member("method").flatMap(JsonText::string).orElse("");
        }
    }

    /** An answer whose body is read as it comes. */
    static final class Answer implements AutoCloseable {
        private static final int LONGEST_SECONDS = 90;

        private final HttpResponse<InputStream> response;
        private final BufferedReader lines;

        Answer(HttpResponse<InputStream> response) {
            this.response = response;
            // Java 17 reads on when it is interrupted, and a test that waits for what never comes would do so for good.
            CompletableFuture.delayedExecutor(LONGEST_SECONDS, TimeUnit.SECONDS).execute(this::close);
            this.lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        }

        int status() {
            return response.statusCode();
        }

        java.util.Optional<String> header(String name) {
            return response.headers().firstValue(name);
        }

        boolean isStream() {
            return header("content-type").orElse("").equals("text/event-stream");
        }

        String body() {
            try {
                return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The one message of a JSON answer. */
        JsonText json() {
            return JsonText.of(body());
        }

        /** The value at a pointer of the response, which is the body or the last event. */
        String at(String pointer) {
            JsonText message = isStream() ? last() : json();
            return message.at(pointer).map(JsonText::toString).orElse("nothing at " + pointer + " of " + message);
        }

        private JsonText last() {
            List<Event> all = rest();
            return all.get(all.size() - 1).data();
        }

        /** The next event with data or an id; null at the end. */
        Event next() {
            String id = "";
            String data = null;
            try {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("id: ")) {
                        id = line.substring(4);
                    } else if (line.startsWith("data:")) {
                        data = line.substring(5).strip();
                    } else if (line.isEmpty() && data != null) {
                        return new Event(id, data.isEmpty() ? JsonText.NULL : JsonText.of(data));
                    }
                }
                return null;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        List<Event> rest() {
            List<Event> events = new ArrayList<>();
            for (Event event = next(); event != null; event = next()) {
                events.add(event);
            }
            return events;
        }

        /** Goes away. */
        @Override
        public void close() {
            try {
                response.body().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
