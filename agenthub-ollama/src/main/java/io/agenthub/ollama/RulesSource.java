package io.agenthub.ollama;

import io.agenthub.api.Promise;
import io.agenthub.api.enhance.EnhancementRules;
import io.agenthub.ollama.internal.rules.RulesFile;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Where rules come from.
 *
 * @param ready completes when there are rules, or never will be
 * @param current the rules in force
 * @param end stops looking for newer ones
 */
record RulesSource(CompletionStage<Void> ready, Supplier<EnhancementRules> current, Runnable end) {

    static RulesSource fixed(EnhancementRules rules) {
        return new RulesSource(Promise.done(), () -> rules, () -> {});
    }

    static RulesSource file(RulesFile file) {
        file.start();
        return new RulesSource(file.looked(), file::rules, file::stop);
    }

    EnhancementRules rules() {
        return current.get();
    }

    void stop() {
        end.run();
    }
}
