package io.agenthub.gateway;

import io.agenthub.gateway.internal.http.Handler;
import io.agenthub.gateway.internal.http.Response;
import io.agenthub.gateway.internal.http.Route;
import io.agenthub.gateway.internal.http.RouteGroup;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code /dashboard}: one page that shows {@code /monitor} and {@code /servers}. It holds no data and needs no token itself; its
 * reader types the token in, where there is one.
 *
 * <p>Nothing runs in it but the script it came with, and it speaks to nobody but this gateway: the policy sent with it names the
 * digests of its script and its style, and forbids the rest.
 */
final class Dashboard implements RouteGroup {
    private final String html = read("dashboard.html");
    /** Made for its first reader. */
    private volatile @Nullable Response page;

    private Response page() {
        Response made = page;
        if (made == null) {
            made = make();
            page = made;
        }
        return made;
    }

    private Response make() {
        String policy = "default-src 'none'; script-src " + digest(between(html, "<script>", "</script>"))
                + "; style-src " + digest(between(html, "<style>", "</style>"))
                + "; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        return Response.text(200, "text/html; charset=utf-8", html)
                .with("content-security-policy", policy)
                .with("referrer-policy", "no-referrer");
    }

    private static String read(String name) {
        try (InputStream in = Dashboard.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the library's own jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String between(String html, String open, String close) {
        return html.substring(html.indexOf(open) + open.length(), html.indexOf(close));
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JVM has it
        }
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.open("GET", "/dashboard", Handler.now(exchange -> page())));
    }
}
