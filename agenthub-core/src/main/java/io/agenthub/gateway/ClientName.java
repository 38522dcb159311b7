package io.agenthub.gateway;

import io.agenthub.gateway.internal.http.Exchange;
import io.netty.util.AsciiString;
import java.util.Optional;

/** Who asks, as the header {@code X-Client-Name} says it: by that name a client has its rule, its record and its statistics. */
final class ClientName {
    private static final AsciiString HEADER = AsciiString.cached("x-client-name");
    private static final int LONGEST = 128;

    private ClientName() {}

    /**
     * Reads the name.
     *
     * @return what the header begins with; empty if there is none, or a blank one
     */
    static Optional<String> of(Exchange exchange) {
        return exchange.header(HEADER)
                .filter(name -> !name.isBlank())
                .map(name -> name.substring(0, Math.min(name.length(), LONGEST)));
    }
}
