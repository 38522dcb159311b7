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
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client of one endpoint that answers what it is asked, if it is asked its own question. Confined to its thread. */
abstract class CrowdMember {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    static final String TOKEN = "progressToken";

    private final HttpClient http;
    private final URI endpoint;
    final String nonce;
    private int requests;
    private int reports;

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

    static JsonText message(@Nullable String id, String method, JsonText params) {
        JsonText message =
                JsonText.ofValue(Map.of("jsonrpc", "2.0", "method", method)).with("params", params);
        return id == null ? message : message.with("id", JsonText.of(id));
    }

    /** The same for most of them, so that a report has to be brought to the right one. */
    String token() {
        return nonce.endsWith("0") ? nonce : "token";
    }

    /** How often progress was reported, each time of the right call. */
    int reports() {
        return reports;
    }

    /** How a question on a stream is answered. */
    @FunctionalInterface
    interface Answering {
        void answer(JsonText question, JsonText answer) throws IOException, InterruptedException;
    }

    /** Reads an answer, be it one message or a stream, up to the response. */
    JsonText read(HttpResponse<InputStream> response, String message, Answering answering)
            throws IOException, InterruptedException {
        if (!response.headers().firstValue("Content-Type").orElse("").equals("text/event-stream")) {
            return whole(response);
        }
        JsonText last = JsonText.NULL;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("data:") || line.strip().length() == 5) {
                    continue;
                }
                JsonText event = JsonText.of(line.substring(5));
                String method = event.member("method").flatMap(JsonText::string).orElse("");
                if (!last.isNull()) {
                    throw new IOException(nonce + " heard after the response: " + event);
                } else if (method.equals("notifications/progress")) {
                    heard(event, message);
                } else if (!method.isEmpty()) {
                    answering.answer(event, answer(event, message));
                } else {
                    last = event;
                }
            }
        }
        return last;
    }

    private void heard(JsonText progress, String message) throws IOException {
        boolean mine = progress.at("/params/message")
                        .flatMap(JsonText::string)
                        .filter(message::equals)
                        .isPresent()
                && progress.at("/params/" + TOKEN)
                        .flatMap(JsonText::string)
                        .filter(token()::equals)
                        .isPresent();
        if (!mine) {
            throw new IOException(nonce + " heard " + progress);
        }
        reports++;
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
                            JsonText.ofValue(Map.of(
                                    "protocolVersion", "2025-11-25",
                                    "capabilities", Map.of("elicitation", Map.of(), "sampling", Map.of()),
                                    "clientInfo", Map.of("name", nonce, "version", "1")))));
            JsonText body = whole(welcome);
            session = welcome.headers()
                    .firstValue("Mcp-Session-Id")
                    .orElseThrow(() -> new IOException("no session: " + body));
            whole(send(inSession(), message(null, "notifications/initialized", JsonText.EMPTY_OBJECT)));
        }

        @Override
        String call(String tool, String message) throws IOException, InterruptedException {
            String id = nextId();
            JsonText params = JsonText.ofValue(
                    Map.of("name", tool, "arguments", Map.of("message", message), "_meta", Map.of(TOKEN, token())));
            HttpResponse<InputStream> response = send(inSession(), message(id, "tools/call", params));
            return text(read(response, message, this::respond), id);
        }

        private void respond(JsonText question, JsonText answer) throws IOException, InterruptedException {
            whole(send(
                    inSession(),
                    JsonText.object(Map.of(
                            "jsonrpc", JsonText.quote("2.0"),
                            "id", question.member("id").orElseThrow(),
                            "result", answer))));
        }

        @Override
        void leave() throws IOException, InterruptedException {
            whole(delete(inSession()));
        }
    }

    private static final class Modern extends CrowdMember {
        private static final String REVISION = "2026-07-28";

        Modern(HttpClient http, URI endpoint, String nonce) {
            super(http, endpoint, nonce);
        }

        @Override
        void join() {}

        @Override
        void leave() {}

        @Override
        String call(String tool, String message) throws IOException, InterruptedException {
            JsonText params = JsonText.ofValue(Map.of(
                    "name",
                    tool,
                    "arguments",
                    Map.of("message", message),
                    "_meta",
                    Map.of(
                            TOKEN,
                            token(),
                            "io.modelcontextprotocol/protocolVersion",
                            REVISION,
                            "io.modelcontextprotocol/clientCapabilities",
                            Map.of("elicitation", Map.of(), "sampling", Map.of()))));
            while (true) {
                String id = nextId();
                HttpRequest.Builder request = request()
                        .header("MCP-Protocol-Version", REVISION)
                        .header("Mcp-Method", "tools/call")
                        .header("Mcp-Name", tool);
                JsonText response = read(send(request, message(id, "tools/call", params)), message, Modern::refuse);
                JsonText result = response.member("result").orElse(JsonText.NULL);
                JsonText asked = result.member("inputRequests").orElse(JsonText.EMPTY_OBJECT);
                if (asked.members().isEmpty()) {
                    return text(response, id);
                }
                Map<String, JsonText> answers = new LinkedHashMap<>();
                for (Map.Entry<String, JsonText> question : asked.members().entrySet()) {
                    answers.put(question.getKey(), answer(question.getValue(), message));
                }
                params = params.with("inputResponses", JsonText.object(answers))
                        .with("requestState", result.member("requestState").orElseThrow());
            }
        }

        private static void refuse(JsonText question, JsonText answer) throws IOException {
            throw new IOException("a request on the stream of a stateless client: " + question);
        }
    }
}
