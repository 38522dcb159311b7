package io.agenthub.api.enhance;

import java.util.Map;
import java.util.Optional;

/**
 * Which prompts are improved how. Immutable; replaced as a whole when the rules change.
 *
 * @param defaultRule for clients without a rule of their own, and for prompts of nobody; empty if there are no rules, which
 *     passes every prompt through
 * @param clients the rules of clients, by the name they claim
 * @param source where the rules come from, such as a file's path
 * @param problem why a newer version of the rules could not be used, if so; these are older ones then
 */
public record EnhancementRules(
        Optional<EnhancementRule> defaultRule,
        Map<String, EnhancementRule> clients,
        String source,
        Optional<String> problem) {

    /** No rules. */
    public static final EnhancementRules NONE =
            new EnhancementRules(Optional.empty(), Map.of(), "none", Optional.empty());

    /** Copies. */
    public EnhancementRules {
        clients = Map.copyOf(clients);
    }

    /**
     * The rule for a client.
     *
     * @param client who asks, as claimed
     * @return its own rule, else the default rule; empty if there are no rules
     */
    public Optional<EnhancementRule> rule(Optional<String> client) {
        return client.map(clients::get).or(() -> defaultRule);
    }

    /**
     * The same rules after a change that cannot be used.
     *
     * @param why what is wrong with it
     * @return these rules with the problem
     */
    public EnhancementRules withProblem(String why) {
        return new EnhancementRules(defaultRule, clients, source, Optional.of(why));
    }
}
