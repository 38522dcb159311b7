package io.agenthub.api.enhance;

import java.util.Objects;
import java.util.Optional;

/**
 * What an improvement depends on. Two prompts share an improvement only if all of it is equal.
 *
 * @param client who asked, as claimed; what one client's prompts led to is never given to another
 * @param model the model
 * @param ruleVersion the {@link EnhancementRule#version() version} of the rule
 * @param text what the user wrote
 */
public record EnhancementKey(Optional<String> client, String model, String ruleVersion, String text) {

    /** Checks that nothing is null. */
    public EnhancementKey {
        Objects.requireNonNull(client);
        Objects.requireNonNull(model);
        Objects.requireNonNull(ruleVersion);
        Objects.requireNonNull(text);
    }

    /**
     * The key as a cache stores it: long enough that no two keys have the same, and without the text itself.
     *
     * @return the full SHA-256 digest over all parts, each preceded by its length, in hexadecimal
     */
    public String digest() {
        return Digests.sha256(client.isPresent() ? "client" : "nobody", client.orElse(""), model, ruleVersion, text);
    }

    /** Shows the length, not the text: prompts are private. */
    @Override
    public String toString() {
        return "EnhancementKey[client=" + client.orElse("none") + ", model=" + model + ", " + text.length()
                + " characters]";
    }
}
