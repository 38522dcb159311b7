package io.agenthub.mcp.internal.streamable;

import io.agenthub.api.Settings;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.mcp.internal.era.EraPolicy;
import io.agenthub.mcp.internal.http.Endpoint;
import io.agenthub.mcp.internal.http.HttpLimits;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The settings of a server that is reached over HTTP, checked.
 *
 * @param endpoint where it is
 * @param headers the operator's own headers, which go with every request; secrets
 * @param era which era of MCP it is spoken to in
 * @param forwardRoots whether the server may learn a client's roots
 * @param authorities the only certificates to trust, or empty for those that the JDK trusts
 * @param limits the bounds of its connections
 */
record StreamableSettings(
        Endpoint endpoint,
        Map<String, String> headers,
        EraPolicy era,
        boolean forwardRoots,
        Optional<Path> authorities,
        HttpLimits limits) {
    private static final List<String> KEYS = List.of(
            "type",
            "url",
            "headers",
            "protocol",
            "roots",
            "allowInsecure",
            "caFile",
            "maxConnections",
            "connectTimeout");
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /** What the bridge itself says; another word there would make requests that mean two things. */
    private static final Set<String> OURS = Set.of(
            "host",
            "connection",
            "keep-alive",
            "upgrade",
            "te",
            "trailer",
            "transfer-encoding",
            "content-length",
            "content-type",
            "content-encoding",
            "accept",
            "accept-encoding",
            "expect",
            "last-event-id");

    /**
     * Reads and checks.
     *
     * @throws io.agenthub.api.ConfigurationException if a setting is unknown, missing or wrong; shows no header's value
     */
    static StreamableSettings read(ServerSpec spec) {
        Settings settings = spec.settings();
        settings.allowOnly(KEYS);
        if (oneOf(settings, "type", "http", "sse").equals("sse")) {
            throw settings.error(
                    "type",
                    "'sse' is the transport of 2024-11-05, which is not spoken here; use \"http\" if the server has it");
        }
        Map<String, String> headers = settings.stringMap("headers");
        headers.forEach((name, value) -> checkHeader(settings, name, value));
        HttpLimits usual = HttpLimits.DEFAULT;
        return new StreamableSettings(
                endpoint(settings),
                headers,
                EraPolicy.of(settings),
                oneOf(settings, "roots", "refuse", "forward").equals("forward"),
                authorities(settings),
                new HttpLimits(
                        (int) settings.integer("maxConnections", 1, 1_024).orElse(usual.maxConnections()),
                        usual.maxHeaderBytes(),
                        usual.idleTimeout(),
                        connectTimeout(settings, usual)));
    }

    private static String oneOf(Settings settings, String key, String usual, String other) {
        String value = settings.string(key).orElse(usual);
        if (!value.equals(usual) && !value.equals(other)) {
            throw settings.error(key, "is '" + value + "', must be one of " + List.of(usual, other));
        }
        return value;
    }

    private static Endpoint endpoint(Settings settings) {
        Endpoint endpoint;
        try {
            endpoint = Endpoint.parse(settings.requiredString("url"));
        } catch (IllegalArgumentException e) {
            throw settings.error("url", String.valueOf(e.getMessage()));
        }
        boolean insecure = settings.flag("allowInsecure").orElse(false);
        if (!endpoint.secure() && !endpoint.isLoopback() && !insecure) {
            throw settings.error(
                    "url",
                    "is plain http to " + endpoint.host() + ", where anybody on the way can read and change everything;"
                            + " use https, or add \"allowInsecure\": true if that network is trusted");
        }
        return endpoint;
    }

    private static void checkHeader(Settings settings, String name, String value) {
        String key = "headers." + name;
        String lower = name.toLowerCase(Locale.ROOT);
        if (!TOKEN.matcher(name).matches()) {
            throw settings.error(key, "is not the name of a header");
        }
        if (OURS.contains(lower) || lower.startsWith("mcp-")) {
            throw settings.error(key, "is set by the bridge itself; take it out");
        }
        if (!value.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw settings.error(key, "must hold printable ASCII characters only");
        }
        if (value.startsWith(" ") || value.endsWith(" ")) {
            throw settings.error(key, "begins or ends with a blank, which no header's value can; take the blank out");
        }
    }

    private static Duration connectTimeout(Settings settings, HttpLimits usual) {
        Duration timeout = settings.duration("connectTimeout").orElse(usual.connectTimeout());
        if (timeout.toMillis() < 1 || timeout.compareTo(Duration.ofMinutes(2)) > 0) {
            throw settings.error("connectTimeout", "is " + timeout + ", must be between 1 ms and 2 minutes");
        }
        return timeout;
    }

    private static Optional<Path> authorities(Settings settings) {
        Optional<Path> file;
        try {
            file = settings.string("caFile").map(Path::of).map(Path::toAbsolutePath);
        } catch (InvalidPathException e) {
            throw settings.error("caFile", "is not a path");
        }
        if (file.isPresent() && !Files.isReadable(file.get())) {
            throw settings.error("caFile", "cannot be read");
        }
        return file;
    }

    /** What must not be shown: headers, their words, which is where a token stands, and the query. */
    List<String> secrets() {
        List<String> secrets = new ArrayList<>();
        for (String value : headers.values()) {
            secrets.add(value);
            secrets.addAll(List.of(value.split(" ")));
        }
        int query = endpoint.target().indexOf('?');
        if (query >= 0) {
            secrets.add(endpoint.target().substring(query + 1));
        }
        return secrets;
    }

    /** Shows no header. */
    @Override
    public String toString() {
        return "StreamableSettings " + endpoint + " " + headers.keySet();
    }
}
