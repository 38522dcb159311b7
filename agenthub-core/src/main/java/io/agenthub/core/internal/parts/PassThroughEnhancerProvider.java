package io.agenthub.core.internal.parts;

import io.agenthub.api.Promise;
import io.agenthub.api.Settings;
import io.agenthub.api.enhance.EnhancedPrompt;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.enhance.Prompt;
import io.agenthub.api.spi.EnhancerProvider;
import io.agenthub.api.spi.ProviderContext;
import java.util.concurrent.CompletionStage;

/** The enhancer {@code none}: every prompt passes through. */
public final class PassThroughEnhancerProvider implements EnhancerProvider {

    /** Called by the service loader. */
    public PassThroughEnhancerProvider() {}

    @Override
    public String name() {
        return "none";
    }

    @Override
    public Enhancer create(Settings settings, ProviderContext context) {
        if (!settings.keys().isEmpty()) {
            throw settings.error(
                    settings.keys().iterator().next(), "unknown key; the enhancer 'none' takes no settings");
        }
        return new PassThroughEnhancer();
    }

    private static final class PassThroughEnhancer implements Enhancer {
        private final CompletionStage<Void> closed = Promise.done();

        @Override
        public CompletionStage<EnhancedPrompt> enhance(Prompt prompt) {
            return Promise.succeeded(EnhancedPrompt.passedThrough(prompt, "no enhancer is configured"));
        }

        @Override
        public CompletionStage<Void> closeAsync() {
            return closed;
        }
    }
}
