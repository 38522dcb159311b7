package io.agenthub.bench.load.http;

import java.util.Map;

/**
 * Where calls go.
 *
 * @param port on the loopback address
 * @param path the path
 * @param headers sent with each request besides {@code Host}, {@code Content-Type} and {@code Content-Length}
 */
public record Route(int port, String path, Map<String, String> headers) {

    /** Copies the headers. */
    public Route {
        headers = Map.copyOf(headers);
    }

    /**
     * A route without more headers.
     *
     * @param port on the loopback address
     * @param path the path
     * @return the route
     */
    public static Route of(int port, String path) {
        return new Route(port, path, Map.of());
    }

    String head(int contentLength) {
        StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head.append("Content-Type: application/json\r\nContent-Length: ")
                .append(contentLength)
                .append("\r\n\r\n")
                .toString();
    }
}
