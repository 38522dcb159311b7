package io.agenthub.gateway;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;

/**
 * Everything a gateway needs to know before it starts. Immutable; its text does not show the token.
 *
 * @param host the address to bind; default {@code 127.0.0.1}, which means {@code ::1}, too, where there is one
 * @param port the port; default 9090, 0 means any free one
 * @param token the bearer token that callers must show; default none, which only a loopback address allows
 * @param allowedHosts {@code Host} values accepted beside the loopback names and the bound address, such as {@code
 *     hub.example.com} or {@code localhost:8080}
 * @param allowedOrigins {@code Origin} values accepted beside those of the allowed hosts
 * @param maxConnections open connections; default 512. Further ones wait to be accepted
 * @param maxLineBytes length of a request line; default 4 KiB
 * @param maxHeaderBytes length of all headers of a request; default 8 KiB
 * @param maxHeaders number of headers of a request; default 100
 * @param maxBodyBytes length of a request body; default 4 MiB
 * @param maxBufferedBytes length of all request bodies held at one time; default a quarter of the largest heap
 * @param headerTimeout for the headers of a request to arrive; default 5 s
 * @param bodyTimeout for its body to arrive; default 10 s
 * @param idleTimeout between two requests on a connection; default 60 s
 * @param writeStallTimeout how long a client may take nothing of its answer; default 30 s
 * @param drainTimeout how long closing waits for requests being answered; default 10 s
 */
public record GatewayConfig(
        String host,
        int port,
        Optional<String> token,
        List<String> allowedHosts,
        List<String> allowedOrigins,
        int maxConnections,
        int maxLineBytes,
        int maxHeaderBytes,
        int maxHeaders,
        int maxBodyBytes,
        long maxBufferedBytes,
        Duration headerTimeout,
        Duration bodyTimeout,
        Duration idleTimeout,
        Duration writeStallTimeout,
        Duration drainTimeout) {

    private static final List<String> KEYS = List.of(
            "host",
            "port",
            "token",
            "allowedHosts",
            "allowedOrigins",
            "maxConnections",
            "maxLineBytes",
            "maxHeaderBytes",
            "maxHeaders",
            "maxBodyBytes",
            "maxBufferedBytes",
            "headerTimeout",
            "bodyTimeout",
            "idleTimeout",
            "writeStallTimeout",
            "drainTimeout");
    private static final String CODE_PREFIX = "gateway.";
    private static final int MOST_BODY_BYTES = 1 << 30;
    // RFC 6750, section 2.1.
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");
    private static final Pattern ORIGIN = Pattern.compile("[a-z][a-z0-9+.-]*://[^\\s/@]+");
    private static final Pattern HOST = Pattern.compile("[^\\s/@]+");

    /**
     * Copies and checks.
     *
     * @throws ConfigurationException if a value is out of range; the message names it
     */
    public GatewayConfig {
        allowedHosts = List.copyOf(allowedHosts);
        allowedOrigins = List.copyOf(allowedOrigins);
        if (host.isBlank()) {
            throw new ConfigurationException(CODE_PREFIX + "host", "is empty; write an address, such as 127.0.0.1");
        }
        token.ifPresent(GatewayConfig::checkToken);
        allowedHosts.forEach(value -> checkForm("allowedHosts", value, HOST, "hub.example.com or localhost:8080"));
        allowedOrigins.forEach(value -> checkForm("allowedOrigins", value, ORIGIN, "https://app.example.com"));
        checkRange("port", port, 0, 65_535);
        checkRange("maxConnections", maxConnections, 1, 1_000_000);
        checkRange("maxLineBytes", maxLineBytes, 64, 1 << 20);
        checkRange("maxHeaderBytes", maxHeaderBytes, 256, 1 << 20);
        checkRange("maxHeaders", maxHeaders, 4, 10_000);
        checkRange("maxBodyBytes", maxBodyBytes, 1, MOST_BODY_BYTES);
        checkRange("maxBufferedBytes", maxBufferedBytes, 1, Long.MAX_VALUE);
        checkSpan("headerTimeout", headerTimeout);
        checkSpan("bodyTimeout", bodyTimeout);
        checkSpan("idleTimeout", idleTimeout);
        checkSpan("writeStallTimeout", writeStallTimeout);
        if (drainTimeout.isNegative() || drainTimeout.compareTo(Duration.ofHours(1)) > 0) {
            throw new ConfigurationException(
                    CODE_PREFIX + "drainTimeout", "is " + drainTimeout + ", must be between 0 and 1 h");
        }
    }

    private static void checkToken(String value) {
        if (!TOKEN.matcher(value).matches()) {
            throw new ConfigurationException(
                    CODE_PREFIX + "token",
                    value.isBlank()
                            ? "is empty; remove it, or set a token that cannot be guessed"
                            : "may hold letters, digits and - . _ ~ + / only, with = at the end");
        }
    }

    private static void checkForm(String name, String value, Pattern form, String example) {
        if (!form.matcher(value.toLowerCase(Locale.ROOT)).matches()) {
            throw new ConfigurationException(
                    CODE_PREFIX + name, "'" + value + "' is not understood; write for instance " + example);
        }
    }

    private static void checkRange(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new ConfigurationException(
                    CODE_PREFIX + name, "is " + value + ", must be between " + least + " and " + most);
        }
    }

    private static void checkSpan(String name, Duration value) {
        if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(Duration.ofHours(24)) > 0) {
            throw new ConfigurationException(CODE_PREFIX + name, "is " + value + ", must be between 1 ms and 24 h");
        }
    }

    /**
     * Begins a configuration.
     *
     * @return a builder with every default
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Begins a configuration like this one.
     *
     * @return a builder with these values
     */
    public Builder toBuilder() {
        Builder builder = new Builder()
                .host(host)
                .port(port)
                .allowedHosts(allowedHosts)
                .allowedOrigins(allowedOrigins)
                .maxConnections(maxConnections)
                .maxLineBytes(maxLineBytes)
                .maxHeaderBytes(maxHeaderBytes)
                .maxHeaders(maxHeaders)
                .maxBodyBytes(maxBodyBytes)
                .maxBufferedBytes(maxBufferedBytes)
                .headerTimeout(headerTimeout)
                .bodyTimeout(bodyTimeout)
                .idleTimeout(idleTimeout)
                .writeStallTimeout(writeStallTimeout)
                .drainTimeout(drainTimeout);
        token.ifPresent(builder::token);
        return builder;
    }

    /**
     * Reads a configuration: the keys are the names of the record's components.
     *
     * @param settings the {@code gateway} section
     * @return the configuration
     * @throws ConfigurationException if a key is unknown or a value is out of range; the message names the place
     */
    public static GatewayConfig from(Settings settings) {
        settings.allowOnly(KEYS);
        Builder builder = new Builder();
        settings.string("host").ifPresent(builder::host);
        settings.integer("port", 0, 65_535).ifPresent(value -> builder.port((int) value));
        settings.string("token").ifPresent(builder::token);
        builder.allowedHosts(settings.strings("allowedHosts")).allowedOrigins(settings.strings("allowedOrigins"));
        settings.integer("maxConnections", 1, 1_000_000).ifPresent(value -> builder.maxConnections((int) value));
        size(settings, "maxLineBytes", builder::maxLineBytes);
        size(settings, "maxHeaderBytes", builder::maxHeaderBytes);
        settings.integer("maxHeaders", 4, 10_000).ifPresent(value -> builder.maxHeaders((int) value));
        size(settings, "maxBodyBytes", builder::maxBodyBytes);
        settings.bytes("maxBufferedBytes").ifPresent(builder::maxBufferedBytes);
        settings.duration("headerTimeout").ifPresent(builder::headerTimeout);
        settings.duration("bodyTimeout").ifPresent(builder::bodyTimeout);
        settings.duration("idleTimeout").ifPresent(builder::idleTimeout);
        settings.duration("writeStallTimeout").ifPresent(builder::writeStallTimeout);
        settings.duration("drainTimeout").ifPresent(builder::drainTimeout);
        try {
            return builder.build();
        } catch (ConfigurationException e) {
            // It names the place as it is called in code.
            throw settings.error(e.path().substring(CODE_PREFIX.length()), e.problem());
        }
    }

    private static void size(Settings settings, String name, IntConsumer builder) {
        settings.bytes(name).ifPresent(value -> {
            if (value > Integer.MAX_VALUE) {
                throw settings.error(name, "is " + value + ", must be at most 1 GiB");
            }
            builder.accept((int) value);
        });
    }

    @Override
    public String toString() {
        return "GatewayConfig[" + host + ":" + port + ", token=" + (token.isPresent() ? "set" : "none") + "]";
    }

    /** Collects a {@link GatewayConfig}. Not thread-safe. */
    public static final class Builder {
        private String host = "127.0.0.1";
        private int port = 9090;
        private Optional<String> token = Optional.empty();
        private List<String> allowedHosts = List.of();
        private List<String> allowedOrigins = List.of();
        private int maxConnections = 512;
        private int maxLineBytes = 4 << 10;
        private int maxHeaderBytes = 8 << 10;
        private int maxHeaders = 100;
        private int maxBodyBytes = 4 << 20;
        private long maxBufferedBytes = Runtime.getRuntime().maxMemory() / 4;
        private Duration headerTimeout = Duration.ofSeconds(5);
        private Duration bodyTimeout = Duration.ofSeconds(10);
        private Duration idleTimeout = Duration.ofSeconds(60);
        private Duration writeStallTimeout = Duration.ofSeconds(30);
        private Duration drainTimeout = Duration.ofSeconds(10);

        private Builder() {}

        /**
         * The address to bind.
         *
         * @param value a host name or IP address, default {@code 127.0.0.1}. Anything but a loopback address needs a token
         * @return this
         */
        public Builder host(String value) {
            host = value;
            return this;
        }

        /**
         * The port to bind.
         *
         * @param value 0 to 65,535, default 9090; 0 means any free one
         * @return this
         */
        public Builder port(int value) {
            port = value;
            return this;
        }

        /**
         * The token that callers must show as {@code Authorization: Bearer}. Use 256 random bits.
         *
         * @param value default none
         * @return this
         */
        public Builder token(String value) {
            token = Optional.of(value);
            return this;
        }

        /**
         * Further names the gateway is reached by, behind a proxy or a port mapping.
         *
         * @param values {@code Host} values exactly as clients send them, default none
         * @return this
         */
        public Builder allowedHosts(List<String> values) {
            allowedHosts = values;
            return this;
        }

        /**
         * Web origins whose pages may call.
         *
         * @param values {@code Origin} values exactly as browsers send them, default none
         * @return this
         */
        public Builder allowedOrigins(List<String> values) {
            allowedOrigins = values;
            return this;
        }

        /**
         * Bounds the open connections. Raise it for more clients; each idle one costs a few KiB.
         *
         * @param value 1 to 1,000,000, default 512
         * @return this
         */
        public Builder maxConnections(int value) {
            maxConnections = value;
            return this;
        }

        /**
         * Bounds the request line.
         *
         * @param value 64 bytes to 1 MiB, default 4 KiB
         * @return this
         */
        public Builder maxLineBytes(int value) {
            maxLineBytes = value;
            return this;
        }

        /**
         * Bounds the headers of a request together.
         *
         * @param value 256 bytes to 1 MiB, default 8 KiB
         * @return this
         */
        public Builder maxHeaderBytes(int value) {
            maxHeaderBytes = value;
            return this;
        }

        /**
         * Bounds the number of headers of a request.
         *
         * @param value 4 to 10,000, default 100
         * @return this
         */
        public Builder maxHeaders(int value) {
            maxHeaders = value;
            return this;
        }

        /**
         * Bounds a request body. Raise it for larger arguments; a server's {@code maxFrameBytes} bounds them as well.
         *
         * @param value 1 byte to 1 GiB, default 4 MiB
         * @return this
         */
        public Builder maxBodyBytes(int value) {
            maxBodyBytes = value;
            return this;
        }

        /**
         * Bounds all request bodies held at one time.
         *
         * @param value 1 byte or more, default a quarter of the largest heap
         * @return this
         */
        public Builder maxBufferedBytes(long value) {
            maxBufferedBytes = value;
            return this;
        }

        /**
         * How long the headers of a request may take.
         *
         * @param value 1 ms to 24 h, default 5 s
         * @return this
         */
        public Builder headerTimeout(Duration value) {
            headerTimeout = value;
            return this;
        }

        /**
         * How long the body of a request may take.
         *
         * @param value 1 ms to 24 h, default 10 s
         * @return this
         */
        public Builder bodyTimeout(Duration value) {
            bodyTimeout = value;
            return this;
        }

        /**
         * How long a connection may stay open between two requests.
         *
         * @param value 1 ms to 24 h, default 60 s
         * @return this
         */
        public Builder idleTimeout(Duration value) {
            idleTimeout = value;
            return this;
        }

        /**
         * How long a client may take nothing of its answer.
         *
         * @param value 1 ms to 24 h, default 30 s
         * @return this
         */
        public Builder writeStallTimeout(Duration value) {
            writeStallTimeout = value;
            return this;
        }

        /**
         * How long closing waits for requests being answered.
         *
         * @param value up to 1 h, default 10 s
         * @return this
         */
        public Builder drainTimeout(Duration value) {
            drainTimeout = value;
            return this;
        }

        /**
         * Makes the configuration.
         *
         * @return the configuration
         * @throws ConfigurationException if a value is out of range
         */
        public GatewayConfig build() {
            return new GatewayConfig(
                    host,
                    port,
                    token,
                    allowedHosts,
                    allowedOrigins,
                    maxConnections,
                    maxLineBytes,
                    maxHeaderBytes,
                    maxHeaders,
                    maxBodyBytes,
                    maxBufferedBytes,
                    headerTimeout,
                    bodyTimeout,
                    idleTimeout,
                    writeStallTimeout,
                    drainTimeout);
        }
    }
}
