package io.agenthub.api.enhance;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A model that could improve prompts.
 *
 * @param name its name, such as {@code llama3.2:3b}
 * @param sizeBytes its size on disk, if known
 * @param family its family, such as {@code llama}, if known
 * @param parameters how many parameters it has, such as {@code 3.2B}, if known
 * @param quantization how they are stored, such as {@code Q4_K_M}, if known
 */
public record ModelInfo(
        String name,
        OptionalLong sizeBytes,
        Optional<String> family,
        Optional<String> parameters,
        Optional<String> quantization) {}
