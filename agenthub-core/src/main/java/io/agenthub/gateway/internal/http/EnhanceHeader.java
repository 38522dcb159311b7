package io.agenthub.gateway.internal.http;

import io.agenthub.api.ErrorKind;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code X-Enhance}: whether a call wants its prompts improved where the server's configuration names them. */
public final class EnhanceHeader {
    private static final int BAD_REQUEST = 400;
    private static final AsciiString NAME = AsciiString.cached("x-enhance");

    private EnhanceHeader() {}

    /**
     * Reads the header.
     *
     * @param exchange the call
     * @return true or false as it says; empty without it, which leaves that to the configuration
     * @throws Refusal if it says anything else
     */
    public static Optional<Boolean> read(Exchange exchange) {
        List<String> values = exchange.headers(NAME);
        if (values.isEmpty()) {
            return Optional.empty();
        }
        return switch (values.size() == 1 ? values.get(0).strip().toLowerCase(Locale.ROOT) : "") {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> throw Refusal.of(BAD_REQUEST, ErrorKind.BAD_REQUEST, "X-Enhance must be true or false");
        };
    }
}
