package io.agenthub.ollama.internal.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Settings;
import io.agenthub.api.enhance.EnhancementRule;
import io.agenthub.api.enhance.EnhancementRules;
import io.agenthub.api.rpc.JsonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RulesReaderTest {
    private static EnhancementRules read(String json) {
        Map<String, Object> values = new LinkedHashMap<>();
        ((Map<?, ?>) JsonText.of(json.replace('\'', '"')).toValue())
                .forEach((key, value) -> values.put(key.toString(), value));
        return RulesReader.read(Settings.of("rules", values), "test");
    }

    private static String refusal(String json) {
        return assertThrows(ConfigurationException.class, () -> read(json)).getMessage();
    }

    @Test
    void aFileOfThePythonProgramIsUnderstood() {
        EnhancementRules rules = read("""
                {
                  'default': {'enabled': true, 'model': 'llama3.2:3b', 'system_prompt': 'Improve clarity.'},
                  'clients': {
                    'claude-desktop': {'model': 'deepseek-r1:14b', 'system_prompt': 'Use Markdown.'},
                    'vscode': {'model': 'qwen2.5-coder:7b', 'temperature': 0, 'max_tokens': 200}
                  },
                  'fallback_chain': ['phi3:mini', null]
                }""");

        assertEquals(
                Optional.of(
                        new EnhancementRule(true, "llama3.2:3b", "Improve clarity.", 0.3, 500, List.of("phi3:mini"))),
                rules.defaultRule());
        assertEquals(
                new EnhancementRule(true, "deepseek-r1:14b", "Use Markdown.", 0.3, 500, List.of("phi3:mini")),
                rules.rule(Optional.of("claude-desktop")).orElseThrow());
        assertEquals(
                new EnhancementRule(true, "qwen2.5-coder:7b", "Improve clarity.", 0, 200, List.of("phi3:mini")),
                rules.rule(Optional.of("vscode")).orElseThrow());
        assertEquals(rules.defaultRule(), rules.rule(Optional.of("unknown")));
        assertEquals(rules.defaultRule(), rules.rule(Optional.empty()));
    }

    @Test
    void clientsMayBeCalledRules() {
        assertEquals(
                "m",
                read("{'rules': {'vscode': {'model': 'm'}}}")
                        .rule(Optional.of("vscode"))
                        .orElseThrow()
                        .model());
        assertTrue(refusal("{'rules': {}, 'clients': {}}").contains("only one"));
    }

    @Test
    void anEmptyObjectMeansTheBuiltInRule() {
        assertEquals(Optional.of(EnhancementRule.DEFAULT), read("{}").defaultRule());
    }

    @Test
    void eachRuleMayHaveAChainOfItsOwn() {
        EnhancementRules rules =
                read("{'fallback_chain': ['a'], 'default': {'fallback_chain': ['b', null]}, 'clients': {"
                        + "'none': {'fallback_chain': [null]}, 'own': {'fallback_chain': ['c', 'd']}, 'same': {}}}");

        assertEquals(List.of("b"), rules.defaultRule().orElseThrow().fallbackChain());
        assertEquals(List.of(), rules.clients().get("none").fallbackChain());
        assertEquals(List.of("c", "d"), rules.clients().get("own").fallbackChain());
        assertEquals(List.of("b"), rules.clients().get("same").fallbackChain());
    }

    @Test
    void aMistakeIsRefusedWithItsPlaceAndTheNearestKey() {
        Map<String, String> mistakes = Map.of(
                "{'defaults': {}}", "'default'",
                "{'default': {'sytem_prompt': 'x'}}", "'system_prompt'",
                "{'default': {'enabled': 'yes'}}", "default.enabled",
                "{'default': {'model': ''}}", "default.model",
                "{'default': {'temperature': 3}}", "default.temperature",
                "{'clients': {'x': {'max_tokens': 0}}}", "clients.x.max_tokens",
                "{'clients': {'x': {'max_tokens': 1.5}}}", "clients.x.max_tokens",
                "{'clients': []}", "clients",
                "{'fallback_chain': [null, 'a']}", "fallback_chain",
                "{'fallback_chain': [1]}", "fallback_chain");
        mistakes.forEach((json, place) -> assertTrue(refusal(json).contains(place), json + " gives " + refusal(json)));
    }

    @Test
    void theVersionOfARuleChangesWithWhatDecidesTheWordingAndOnlyWithThat() {
        EnhancementRule rule = EnhancementRule.DEFAULT;
        EnhancementRule otherPrompt = new EnhancementRule(true, rule.model(), "Other.", 0.3, 500, List.of());
        EnhancementRule otherChain =
                new EnhancementRule(true, "other", rule.systemPrompt(), 0.3, 500, List.of("another"));

        assertNotEquals(rule.version(), otherPrompt.version());
        assertEquals(rule.version(), otherChain.version());
        assertEquals(64, rule.version().length());
    }
}
