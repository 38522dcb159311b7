package io.agenthub.ollama;

import io.agenthub.api.Settings;
import io.agenthub.api.breaker.BreakerPolicy;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.spi.EnhancerProvider;
import io.agenthub.api.spi.ProviderContext;
import io.agenthub.ollama.internal.rules.RulesReader;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * The enhancer {@code ollama}. Its settings are those of {@link OllamaClientBuilder} and {@link OllamaEnhancerBuilder}, by the
 * same names, with {@code api} being {@code native} or {@code openai}, and {@code rules} holding what a rules file would.
 */
public final class OllamaEnhancerProvider implements EnhancerProvider {
    private static final Set<String> KEYS = Set.of(
            "baseUrl",
            "api",
            "apiKey",
            "allowRemote",
            "maxConnections",
            "maxAnswerBytes",
            "rules",
            "rulesFile",
            "rulesInterval",
            "timeBudget",
            "modelTimeout",
            "maxConcurrent",
            "maxPromptChars",
            "maxOutputChars",
            "keepAlive",
            "breaker",
            "semantic");
    private static final Set<String> BREAKER = Set.of("failures", "openFor");
    private static final Set<String> SEMANTIC =
            Set.of("model", "threshold", "acrossClients", "maxEntries", "maxAge", "timeout");

    /** Called by the service loader. */
    public OllamaEnhancerProvider() {}

    @Override
    public String name() {
        return "ollama";
    }

    @Override
    public Enhancer create(Settings settings, ProviderContext context) {
        settings.allowOnly(KEYS);
        try {
            OllamaEnhancerBuilder builder = OllamaEnhancer.builder(client(settings), context);
            times(settings, builder);
            bounds(settings, builder);
            rules(settings, builder);
            settings.section("breaker").allowOnly(BREAKER);
            builder.breaker(breaker(settings.section("breaker")));
            if (settings.keys().contains("semantic")) {
                builder.semantic(semantic(settings.section("semantic")));
            }
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw settings.error(keyOf(e), String.valueOf(e.getMessage()));
        }
    }

    /** Builders begin their messages with the name of the value. */
    private static String keyOf(IllegalArgumentException e) {
        String first = String.valueOf(e.getMessage()).split("[ .']", 2)[0];
        return KEYS.contains(first) ? first : "ollama";
    }

    private static OllamaClientBuilder client(Settings settings) {
        OllamaClientBuilder client = OllamaClient.builder();
        settings.string("baseUrl").ifPresent(client::baseUrl);
        settings.string("apiKey").ifPresent(client::apiKey);
        settings.flag("allowRemote").ifPresent(client::allowRemote);
        settings.string("api")
                .ifPresent(api -> client.apiStyle(
                        switch (api) {
                            case "native" -> ApiStyle.NATIVE;
                            case "openai" -> ApiStyle.OPENAI;
                            default -> throw settings.error("api", "is '" + api + "', must be native or openai");
                        }));
        settings.integer("maxConnections", 1, 1_024).ifPresent(value -> client.maxConnections((int) value));
        settings.bytes("maxAnswerBytes")
                .ifPresent(value -> client.maxAnswerBytes((int) Math.min(value, Integer.MAX_VALUE)));
        return client;
    }

    private static void times(Settings settings, OllamaEnhancerBuilder builder) {
        settings.duration("timeBudget").ifPresent(builder::timeBudget);
        settings.duration("modelTimeout").ifPresent(builder::modelTimeout);
        settings.duration("keepAlive").ifPresent(builder::keepAlive);
    }

    private static void bounds(Settings settings, OllamaEnhancerBuilder builder) {
        settings.integer("maxConcurrent", 1, 1_024).ifPresent(value -> builder.maxConcurrent((int) value));
        settings.integer("maxPromptChars", 1, 1 << 24).ifPresent(value -> builder.maxPromptChars((int) value));
        settings.integer("maxOutputChars", 1, 1 << 24).ifPresent(value -> builder.maxOutputChars((int) value));
    }

    private static void rules(Settings settings, OllamaEnhancerBuilder builder) {
        if (settings.keys().contains("rules") && settings.keys().contains("rulesFile")) {
            throw settings.error("rules", "stand in rulesFile as well; write only one of them");
        }
        if (settings.keys().contains("rules")) {
            builder.rules(RulesReader.read(settings.section("rules"), "configuration"));
        }
        Duration interval = settings.duration("rulesInterval").orElse(Duration.ofSeconds(2));
        settings.string("rulesFile").ifPresent(file -> {
            try {
                builder.rulesFile(Path.of(file), interval);
            } catch (InvalidPathException e) {
                throw settings.error("rulesFile", "is not a path: " + e.getReason());
            }
        });
    }

    private static BreakerPolicy breaker(Settings settings) {
        return new BreakerPolicy(
                (int) settings.integer("failures", 0, 1_000).orElse(BreakerPolicy.DEFAULT.failures()),
                settings.duration("openFor").orElse(BreakerPolicy.DEFAULT.openFor()));
    }

    private static SemanticConfig semantic(Settings settings) {
        settings.allowOnly(SEMANTIC);
        SemanticConfig base = SemanticConfig.of(settings.requiredString("model"));
        return new SemanticConfig(
                base.model(),
                settings.number("threshold", 0.5, 1).orElse(base.threshold()),
                settings.flag("acrossClients").orElse(base.acrossClients()),
                (int) settings.integer("maxEntries", 1, 10_000).orElse(base.maxEntries()),
                settings.duration("maxAge").orElse(base.maxAge()),
                settings.duration("timeout").orElse(base.timeout()));
    }
}
