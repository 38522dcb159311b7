package io.agenthub.ollama.fake;

import io.agenthub.api.rpc.JsonLimits;
import io.agenthub.api.rpc.JsonText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A request as it came over the wire. */
public record FakeRequest(String method, String path, Map<String, String> headers, String body) {

    /** The body as JSON. */
    public JsonText json() {
        return JsonText.of(body.getBytes(StandardCharsets.UTF_8), JsonLimits.DOOR);
    }

    /** Whether a header asks for it, HTTP/1.1 connections are kept. */
    boolean keepAlive() {
        return !headers.getOrDefault("connection", "").equalsIgnoreCase("close");
    }

    /** Reads the next request, or nothing if the client has closed the connection. */
    static Optional<FakeRequest> read(InputStream in) throws IOException {
        String start = line(in);
        if (start == null || start.isEmpty()) {
            return Optional.empty();
        }
        String[] words = start.split(" ", -1);
        if (words.length != 3 || !words[2].equals("HTTP/1.1")) {
            throw new IOException("not a request line: " + start);
        }
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return Optional.of(
                new FakeRequest(words[0], words[1], headers, new String(body(in, headers), StandardCharsets.UTF_8)));
    }

    private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
        if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            int size = Integer.parseInt(line(in), 16);
            while (size > 0) {
                body.writeBytes(in.readNBytes(size));
                line(in);
                size = Integer.parseInt(line(in), 16);
            }
            line(in);
            return body.toByteArray();
        }
        return in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    }

    private static @Nullable String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        if (next < 0) {
            return null;
        }
        while (next >= 0 && next != '\n') {
            line.write(next);
            next = in.read();
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }
}
