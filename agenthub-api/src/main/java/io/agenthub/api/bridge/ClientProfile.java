package io.agenthub.api.bridge;

import io.agenthub.api.rpc.JsonText;
import java.util.Objects;
import java.util.Optional;

/**
 * Who calls, as far as a server may know: what it can be asked, and what it wants to hear.
 *
 * @param capabilities the MCP {@code ClientCapabilities} object of the caller; {@code {}} if it can be asked nothing
 * @param clientInfo the MCP {@code Implementation} object of the caller, if it said
 * @param logLevel the least level of log messages the caller wants for this call, if any
 * @param takesInputRequired whether the caller understands {@code input_required} results (MCP 2026-07-28), so that a stateless
 *     server's are handed over as they are; otherwise the bridge turns them into questions
 */
public record ClientProfile(
        JsonText capabilities, Optional<JsonText> clientInfo, Optional<String> logLevel, boolean takesInputRequired) {

    /** A caller that can be asked nothing and said nothing of itself. */
    public static final ClientProfile NONE =
            new ClientProfile(JsonText.EMPTY_OBJECT, Optional.empty(), Optional.empty(), false);

    /**
     * Checks.
     *
     * @throws IllegalArgumentException if the capabilities are not an object
     */
    public ClientProfile {
        Objects.requireNonNull(clientInfo);
        Objects.requireNonNull(logLevel);
        if (!capabilities.isObject()) {
            throw new IllegalArgumentException("client capabilities must be an object");
        }
    }

    /**
     * Whether a server may ask the caller anything.
     *
     * @return true if it declares {@code sampling}, {@code elicitation} or {@code roots}
     */
    public boolean canBeAsked() {
        boolean declaresNothing = capabilities.length() == JsonText.EMPTY_OBJECT.length();
        return !declaresNothing
                && (capabilities.member("sampling").isPresent()
                        || capabilities.member("elicitation").isPresent()
                        || capabilities.member("roots").isPresent());
    }
}
