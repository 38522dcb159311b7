package io.agenthub.examples.gateway.figures;

import io.agenthub.api.rpc.JsonText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client of one endpoint that answers what it is asked, if it is asked its own question. Confined to its thread. */
abstract class CrowdMember {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http;
    private final URI endpoint;
    final String nonce;
    private int requests;

    CrowdMember(HttpClient http, URI endpoint, String nonce) {
        this.http = http;
        this.endpoint = endpoint;
        this.nonce = nonce;
    }

    /** In a session, which begins with it and ends with {@link #leave}. */
    static CrowdMember legacy(HttpClient http, URI endpoint, String nonce) {
        return new Legacy(http, endpoint, nonce);
    }

    /** Without a session. */
    static CrowdMember modern(HttpClient http, URI endpoint, String nonce) {
        return new Modern(http, endpoint, nonce);
    }

    /** Calls a tool with a message; answers the text of the result, or whatever else came. */
    abstract String call(String tool, String message) throws IOException, InterruptedException;

    abstract void join() throws IOException, InterruptedException;

    abstract void leave() throws IOException, InterruptedException;

    String nextId() {
        return Integer.toString(++requests);
    }

    HttpRequest.Builder request() {
        return HttpRequest.newBuilder(endpoint)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream");
    }

    HttpResponse<InputStream> send(HttpRequest.Builder request, JsonText body)
            throws IOException, InterruptedException {
        return http.send(
                request.POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                        .build(),
                BodyHandlers.ofInputStream());
    }

    HttpResponse<InputStream> delete(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.DELETE().build(), BodyHandlers.ofInputStream());
    }

    static JsonText message(@Nullable String id, String method, Map<String, ?> params) {
        JsonText message = JsonText.ofValue(Map.of("jsonrpc", "2.0", "method", method, "params", params));
        return id == null ? message : message.with("id", JsonText.of(id));
    }

    static Map<String, Object> call(String tool, Map<String, ?> arguments) {
        return Map.of("name", tool, "arguments", arguments);
    }

    /** What this one says to a question; somebody else's question is not answered. */
    JsonText answer(JsonText question, String message) throws IOException {
        if (!question.at("/params/message")
                .or(() -> question.at("/params/systemPrompt"))
                .flatMap(JsonText::string)
                .filter(message::equals)
                .isPresent()) {
            throw new IOException(nonce + " was asked " + question);
        }
        boolean form =
                question.at("/method").flatMap(JsonText::string).orElse("").equals("elicitation/create");
        return JsonText.ofValue(
                form
                        ? Map.of("action", "accept", "content", Map.of("answer", "re " + message))
                        : Map.of(
                                "role", "assistant",
                                "model", "none",
                                "content", Map.of("type", "text", "text", "re " + message)));
    }

    static String text(JsonText response, String id) {
        boolean own = response.member("id").filter(JsonText.of(id)::equals).isPresent();
        return own
                ? response.at("/result/content/0/text")
                        .flatMap(JsonText::string)
                        .orElse(response.toString())
                : "an answer to another request: " + response;
    }

    static JsonText whole(HttpResponse<InputStream> response) throws IOException {
        try (InputStream body = response.body()) {
            byte[] bytes = body.readAllBytes();
            return bytes.length == 0 ? JsonText.NULL : JsonText.of(new String(bytes, StandardCharsets.UTF_8));
        }
    }

    private static final class Legacy extends CrowdMember {
        private String session = "";

        Legacy(HttpClient http, URI endpoint, String nonce) {
            super(http, endpoint, nonce);
        }

        private HttpRequest.Builder inSession() {
            return request().header("Mcp-Session-Id", session).header("MCP-Protocol-Version", "2025-11-25");
        }

        @Override
        void join() throws IOException, InterruptedException {
            HttpResponse<InputStream> welcome = send(
                    request(),
                    message(
                            nextId(),
                            "initialize",
                            Map.of(
                                    "protocolVersion", "2025-11-25",
                                    "capabilities", Map.of("elicitation", Map.of(), "sampling", Map.of()),
                                    "clientInfo", Map.of("name", nonce, "version", "1"))));
            JsonText body = whole(welcome);
            session = welcome.headers()
                    .firstValue("Mcp-Session-Id")
                    .orElseThrow(() -> new IOException("no session: " + body));
            whole(send(inSession(), message(null, "notifications/initialized", Map.of())));
        }

        @Override
        String call(String tool, String message) throws IOException, InterruptedException {
            String id = nextId();
            HttpResponse<InputStream> response =
                    send(inSession(), message(id, "tools/call", call(tool, Map.of("message", message))));
            if (!response.headers().firstValue("Content-Type").orElse("").equals("text/event-stream")) {
                return text(whole(response), id);
            }
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                String result = "the stream ended without a response";
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("data:") && line.strip().length() > 5) {
                        JsonText event = JsonText.of(line.substring(5));
                        if (event.member("method").isPresent()) {
                            JsonText answer = JsonText.object(Map.of(
                                    "jsonrpc", JsonText.quote("2.0"),
                                    "id", event.member("id").orElseThrow(),
                                    "result", answer(event, message)));
                            whole(send(inSession(), answer));
                        } else {
                            result = text(event, id);
                        }
                    }
                }
                return result;
            }
        }

        @Override
        void leave() throws IOException, InterruptedException {
            whole(delete(inSession()));
        }
    }

    private static final class Modern extends CrowdMember {
        private static final String REVISION = "2026-07-28";
        private static final Map<String, ?> META = Map.of(
                "io.modelcontextprotocol/protocolVersion",
                REVISION,
                "io.modelcontextprotocol/clientCapabilities",
                Map.of("elicitation", Map.of(), "sampling", Map.of()));

        Modern(HttpClient http, URI endpoint, String nonce) {
            super(http, endpoint, nonce);
        }

        @Override
        void join() {}

        @Override
        void leave() {}

        @Override
        String call(String tool, String message) throws IOException, InterruptedException {
            JsonText params =
                    JsonText.ofValue(Map.of("name", tool, "arguments", Map.of("message", message), "_meta", META));
            while (true) {
                String id = nextId();
                HttpRequest.Builder request = request()
                        .header("MCP-Protocol-Version", REVISION)
                        .header("Mcp-Method", "tools/call")
                        .header("Mcp-Name", tool);
                JsonText response =
                        whole(send(request, message(id, "tools/call", Map.of()).with("params", params)));
                JsonText result = response.member("result").orElse(JsonText.NULL);
                JsonText asked = result.member("inputRequests").orElse(JsonText.EMPTY_OBJECT);
                if (asked.members().isEmpty()) {
                    return text(response, id);
                }
                Map<String, JsonText> answers = new java.util.LinkedHashMap<>();
                for (Map.Entry<String, JsonText> question : asked.members().entrySet()) {
                    answers.put(question.getKey(), answer(question.getValue(), message));
                }
                params = params.with("inputResponses", JsonText.object(answers))
                        .with("requestState", result.member("requestState").orElseThrow());
            }
        }
    }
}
