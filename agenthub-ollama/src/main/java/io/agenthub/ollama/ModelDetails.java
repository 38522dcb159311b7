package io.agenthub.ollama;

import io.agenthub.api.rpc.JsonText;
import java.util.List;
import java.util.Optional;

/**
 * All a server tells about a model.
 *
 * @param capabilities what it can do, such as {@code completion}, {@code thinking} or {@code embedding}
 * @param family its family, if known
 * @param parameters how many parameters it has, such as {@code 3.2B}, if known
 * @param quantization how they are stored, if known
 * @param raw the answer as it came, with the template, the license and the architecture
 */
public record ModelDetails(
        List<String> capabilities,
        Optional<String> family,
        Optional<String> parameters,
        Optional<String> quantization,
        JsonText raw) {

    /** Copies. */
    public ModelDetails {
        capabilities = List.copyOf(capabilities);
    }
}
