package io.agenthub.ollama.internal.rules;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Settings;
import io.agenthub.api.enhance.EnhancementRule;
import io.agenthub.api.enhance.EnhancementRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Understands rules: an object with {@code default}, {@code clients} (or {@code rules}, the same) and {@code fallback_chain}.
 * What a client's rule leaves out, the default rule says; what that leaves out, the built-in one says.
 */
public final class RulesReader {
    private static final String CHAIN = "fallback_chain";
    private static final Set<String> TOP = Set.of("default", "clients", "rules", CHAIN);
    private static final Set<String> RULE =
            Set.of("enabled", "model", "system_prompt", "temperature", "max_tokens", CHAIN);

    private RulesReader() {}

    /**
     * Reads rules.
     *
     * @param settings what was written
     * @param source where it was written, for those who look at the rules
     * @return the rules
     * @throws ConfigurationException if a key is unknown or a value wrong; the message names the place
     */
    public static EnhancementRules read(Settings settings, String source) {
        settings.allowOnly(TOP);
        if (settings.keys().contains("clients") && settings.keys().contains("rules")) {
            throw settings.error("rules", "means the same as clients; write only one of them");
        }
        EnhancementRule builtIn = EnhancementRule.DEFAULT;
        List<String> chain = chain(settings, builtIn.fallbackChain());
        EnhancementRule fallback = rule(settings.section("default"), builtIn, chain);
        Settings clients = settings.section(settings.keys().contains("rules") ? "rules" : "clients");
        Map<String, EnhancementRule> rules = new LinkedHashMap<>();
        for (String client : clients.keys()) {
            rules.put(client, rule(clients.section(client), fallback, fallback.fallbackChain()));
        }
        return new EnhancementRules(Optional.of(fallback), rules, source, Optional.empty());
    }

    private static EnhancementRule rule(Settings settings, EnhancementRule base, List<String> chain) {
        settings.allowOnly(RULE);
        return new EnhancementRule(
                settings.flag("enabled").orElse(base.enabled()),
                settings.keys().contains("model") ? settings.requiredString("model") : base.model(),
                settings.string("system_prompt").orElse(base.systemPrompt()),
                settings.number("temperature", 0, 2).orElse(base.temperature()),
                (int) settings.integer("max_tokens", 1, 32_768).orElse(base.maxTokens()),
                chain(settings, chain));
    }

    /** The models of a chain; its end, passing through, may be written as null. */
    private static List<String> chain(Settings settings, List<String> absent) {
        if (!settings.keys().contains(CHAIN)) {
            return absent;
        }
        List<?> written = settings.list(CHAIN);
        List<String> chain = new ArrayList<>();
        for (int i = 0; i < written.size(); i++) {
            Object model = written.get(i);
            if (model instanceof String name && !name.isBlank()) {
                chain.add(name);
            } else if (model != null || i < written.size() - 1) {
                throw settings.error(CHAIN, "must be a list of model names; only the last entry may be null");
            }
        }
        return chain;
    }
}
