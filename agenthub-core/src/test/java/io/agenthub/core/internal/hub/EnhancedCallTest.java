package io.agenthub.core.internal.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Promise;
import io.agenthub.api.activity.Activity;
import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.enhance.EnhancedPrompt;
import io.agenthub.api.enhance.EnhancedPrompt.Outcome;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.enhance.Prompt;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubClosedException;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.server.ServerLimits;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.ToolPrompt;
import io.agenthub.tck.FakeCall;
import io.agenthub.tck.FakeScript;
import io.agenthub.tck.MemoryActivityStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prompts in the arguments of calls, improved or left alone on their way to the server. */
class EnhancedCallTest {
    private static final ToolPrompt ALWAYS = ToolPrompt.always("draw", "/prompt");
    private static final ToolPrompt ASKED = ToolPrompt.asked("draw", "/prompt");
    private static final JsonText CALL = JsonText.of("{\"name\":\"draw\",\"arguments\":{\"prompt\":\"a cat\"}}");
    private static final JsonText IMPROVED =
            JsonText.of("{\"name\":\"draw\",\"arguments\":{\"prompt\":\"better: a cat\"}}");

    private final HubHarness harness = new HubHarness();
    private final ScriptedEnhancer enhancer = new ScriptedEnhancer();

    /** An enhancer that does what the test says, and keeps what it was asked. */
    private static final class ScriptedEnhancer implements Enhancer {
        final List<Prompt> prompts = new ArrayList<>();
        Function<Prompt, CompletionStage<EnhancedPrompt>> answer =
                prompt -> Promise.succeeded(better(prompt, "better: " + prompt.text()));

        static EnhancedPrompt better(Prompt prompt, String text) {
            return new EnhancedPrompt(prompt.text(), text, Outcome.ENHANCED, Optional.of("m"), Optional.empty());
        }

        @Override
        public CompletionStage<EnhancedPrompt> enhance(Prompt prompt) {
            prompts.add(prompt);
            return answer.apply(prompt);
        }

        @Override
        public CompletionStage<Void> closeAsync() {
            return Promise.done();
        }
    }

    private Hub hub(ToolPrompt... prompts) {
        ServerSpec.Builder spec = HubHarness.server("art");
        for (ToolPrompt prompt : prompts) {
            spec.enhance(prompt);
        }
        return hub(spec.build());
    }

    private Hub hub(ServerSpec spec) {
        harness.enhancer = enhancer;
        harness.with(spec);
        harness.connector("art").preparing(bridge -> bridge.otherwise(FakeScript.answer("{}")));
        return harness.started();
    }

    private CompletionStage<RpcOutcome> call(Hub hub, JsonText params, CallOptions options) {
        CompletionStage<RpcOutcome> stage = hub.server("art").request("tools/call", params, options);
        harness.time.runDue();
        return stage;
    }

    /** What arrives at the server when this is sent. */
    private JsonText arriving(Hub hub, JsonText params, CallOptions options) {
        harness.now(call(hub, params, options));
        List<FakeCall> calls = harness.bridge("art").calls();
        return calls.get(calls.size() - 1).params();
    }

    private JsonText arriving(Hub hub, JsonText params) {
        return arriving(hub, params, CallOptions.DEFAULT);
    }

    @Test
    void aPromptIsImprovedWhereTheConfigurationNamesIt() {
        assertEquals(IMPROVED, arriving(hub(ALWAYS), CALL, CallOptions.DEFAULT.withClient("ide")));

        assertEquals("a cat", enhancer.prompts.get(0).text());
        assertEquals(Optional.of("ide"), enhancer.prompts.get(0).client());
        assertFalse(enhancer.prompts.get(0).bypassCache());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"paint\",\"arguments\":{\"prompt\":\"a cat\"}}",
                "{\"name\":\"draw\",\"arguments\":{\"text\":\"a cat\"}}",
                "{\"name\":\"draw\",\"arguments\":{\"prompt\":[\"a cat\"]}}",
                "{\"name\":\"draw\",\"arguments\":{\"prompt\":null}}",
                "{\"name\":\"draw\",\"arguments\":[\"a cat\"]}",
                "{\"name\":\"draw\",\"arguments\":{\"prompt\":\"a cat\",\"prompt\":\"a dog\"}}",
                "{\"name\":\"draw\",\"name\":\"draw\",\"arguments\":{\"prompt\":\"a cat\"}}",
                "{\"name\":7,\"arguments\":{\"prompt\":\"a cat\"}}",
                "{\"arguments\":{\"prompt\":\"a cat\"}}",
                "{\"name\":\"draw\",\"prompt\":\"a cat\"}",
                "[\"draw\"]"
            })
    void whatIsNotNamedIsNeverShownToTheEnhancer(String params) {
        assertEquals(params, arriving(hub(ALWAYS), JsonText.of(params)).toString());
        assertEquals(List.of(), enhancer.prompts);
    }

    @Test
    void onlyCallsOfToolsAreLookedAt() {
        Hub hub = hub(ALWAYS);

        harness.now(hub.server("art").request("prompts/get", CALL, CallOptions.DEFAULT));
        harness.now(hub.server("art").request("tools/call", null, CallOptions.DEFAULT));

        assertEquals(CALL, harness.bridge("art").calls().get(0).params());
        assertEquals(List.of(), enhancer.prompts);
    }

    @Test
    void aCallMayAskAndMayDeclineButNeverReachMoreThanTheConfigurationNames() {
        Hub hub = hub(ALWAYS, ToolPrompt.asked("paint", "/prompt"));
        JsonText paint = JsonText.of("{\"name\":\"paint\",\"arguments\":{\"prompt\":\"a cat\"}}");
        JsonText carve = JsonText.of("{\"name\":\"carve\",\"arguments\":{\"prompt\":\"a cat\"}}");

        assertEquals(IMPROVED, arriving(hub, CALL));
        assertEquals(IMPROVED, arriving(hub, CALL, CallOptions.DEFAULT.withEnhance(true)));
        assertEquals(CALL, arriving(hub, CALL, CallOptions.DEFAULT.withEnhance(false)));
        assertEquals(paint, arriving(hub, paint));
        assertTrue(arriving(hub, paint, CallOptions.DEFAULT.withEnhance(true))
                .toString()
                .contains("better: a cat"));
        assertEquals(paint, arriving(hub, paint, CallOptions.DEFAULT.withEnhance(false)));
        assertEquals(carve, arriving(hub, carve, CallOptions.DEFAULT.withEnhance(true)));
    }

    @Test
    void outsideThePointerNoByteChangesOverTenThousandCalls() {
        Hub hub = hub(ToolPrompt.always("draw", "/deep/1/the~1prompt"));
        Random random = new Random(20_261_123);
        for (int i = 0; i < 10_000; i++) {
            String before = noise(
                    random, "{\"name\":\"draw\",%_meta%\"arguments\":{\"z\":1.00,%\"deep\":[0,{\"the\\u002fprompt\":");
            String after = noise(random, "}],%\"n\":-0.0e+5,%\"u\":\"\\u00e9é\"}%}");
            String text = noise(random, "%\"a \\\"cat\\\" \\ud83d\\ude00 é" + i + "\"%");

            String arrived = arriving(hub, JsonText.of(before + text + after)).toString();

            String spaced = text.replace(text.strip(), "\"better: a \\\"cat\\\" 😀 é" + i + "\"");
            assertEquals((before + spaced + after).stripTrailing(), arrived);
        }
        assertEquals(10_000, enhancer.prompts.size());
    }

    /** The pattern with white space, or something harmless, in place of its marks. */
    private static String noise(Random random, String pattern) {
        String[] spaces = {"", " ", "\t", "\n ", "  \r\n"};
        StringBuilder out = new StringBuilder();
        for (String part : pattern.split("%", -1)) {
            if (part.equals("_meta")) {
                out.append("\"_meta\":{\"n\":").append(random.nextInt()).append("},");
            } else {
                out.append(part).append(spaces[random.nextInt(spaces.length)]);
            }
        }
        return out.toString();
    }

    @Test
    void severalPromptsOfOneCallAreImprovedAtOnceAndEachForItself() {
        Map<String, Promise<EnhancedPrompt>> open = new LinkedHashMap<>();
        enhancer.answer = prompt -> open.computeIfAbsent(prompt.text(), text -> new Promise<>(Runnable::run));
        Hub hub = hub(ALWAYS, ToolPrompt.always("draw", "/style/0"), ToolPrompt.always("draw", "/absent"));
        JsonText params =
                JsonText.of("{\"name\":\"draw\",\"arguments\":{\"style\":[\"bold\"] , \"prompt\":\"a cat\"}}");

        CompletionStage<RpcOutcome> stage = call(hub, params, CallOptions.DEFAULT);
        assertEquals(List.of("a cat", "bold"), List.copyOf(open.keySet()));
        open.get("bold").succeed(ScriptedEnhancer.better(Prompt.of("bold"), "very bold \"lines\""));
        open.get("a cat").fail(new IllegalStateException("no model"));
        harness.now(stage);

        assertEquals(
                "{\"name\":\"draw\",\"arguments\":{\"style\":[\"very bold \\\"lines\\\"\"] , \"prompt\":\"a cat\"}}",
                harness.bridge("art").calls().get(0).params().toString());
    }

    @Test
    void whateverTheEnhancerDoesTheOriginalIsSent() {
        Hub hub = hub(ALWAYS);
        List<Function<Prompt, CompletionStage<EnhancedPrompt>>> faults = List.of(
                prompt -> {
                    throw new IllegalStateException("thrown");
                },
                prompt -> null,
                prompt -> Promise.succeeded(null),
                prompt -> Promise.failed(new IllegalStateException("failed")),
                prompt -> Promise.succeeded(EnhancedPrompt.passedThrough(prompt, "passed")));
        for (Function<Prompt, CompletionStage<EnhancedPrompt>> fault : faults) {
            enhancer.answer = fault;
            assertEquals(CALL, arriving(hub, CALL));
        }
        assertEquals(BreakerState.CLOSED, hub.server("art").breaker().status().state());
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 4_000, 8_000, 60_000})
    void anEnhancerThatHangsCostsAQuarterOfTheTimeAndNeverMoreThanTwoSeconds(int timeoutMillis) {
        Promise<EnhancedPrompt> hanging = new Promise<>(Runnable::run);
        enhancer.answer = prompt -> hanging;
        Hub hub = hub(ALWAYS);
        Duration budget = Duration.ofMillis(Math.min(2_000, timeoutMillis / 4));
        // Brings the server up, so that the clock measures the call alone.
        arriving(hub, JsonText.of("{\"name\":\"other\"}"));

        CompletionStage<RpcOutcome> stage =
                call(hub, CALL, CallOptions.DEFAULT.withTimeout(Duration.ofMillis(timeoutMillis)));
        assertEquals(Optional.of(budget), enhancer.prompts.get(0).budget());
        harness.time.advance(budget.minusMillis(1));
        assertEquals(1, harness.bridge("art").calls().size());
        harness.time.advance(Duration.ofMillis(1));

        assertEquals(CALL, harness.bridge("art").calls().get(1).params());
        harness.now(stage);
        assertFalse(hanging.isDone(), "what it still brings is left to its cache");
        hanging.succeed(ScriptedEnhancer.better(Prompt.of("a cat"), "too late"));
        assertEquals(2, harness.bridge("art").calls().size());
    }

    @Test
    void aCancelledCallCancelsTheImprovementAndSendsNothing() {
        Promise<EnhancedPrompt> hanging = new Promise<>(Runnable::run);
        enhancer.answer = prompt -> hanging;
        Hub hub = hub(ALWAYS);
        CompletionStage<RpcOutcome> stage = call(hub, CALL, CallOptions.DEFAULT);

        stage.toCompletableFuture().cancel(true);
        harness.time.advance(Duration.ofMinutes(1));

        assertTrue(hanging.isCancelled());
        assertEquals(0, ((SupervisedHub) hub).callsInFlight());
        assertTrue(harness.connector("art").bridges().isEmpty(), "the server was not even started");
    }

    @Test
    void aHubThatClosesMeanwhileEndsTheCall() {
        Promise<EnhancedPrompt> hanging = new Promise<>(Runnable::run);
        enhancer.answer = prompt -> hanging;
        harness.config.drainTimeout(Duration.ofMillis(100));
        Hub hub = hub(ALWAYS);
        CompletionStage<RpcOutcome> stage = call(hub, CALL, CallOptions.DEFAULT);

        hub.closeAsync();
        harness.time.advance(Duration.ofSeconds(40));

        harness.failsNow(HubClosedException.class, stage);
        assertEquals(0, ((SupervisedHub) hub).callsInFlight());
    }

    @Test
    void anImprovementThatMakesTheCallTooLongForTheServerIsNotUsed() {
        Hub hub = hub(HubHarness.server("art")
                .limits(new ServerLimits(10, 1 << 20, 10, 8_192))
                .enhance(ALWAYS)
                .build());
        enhancer.answer = prompt -> Promise.succeeded(ScriptedEnhancer.better(prompt, "x".repeat(8_000)));

        assertEquals(CALL, arriving(hub, CALL));
    }

    @Test
    void originalAndImprovementStandInTheRecord() {
        MemoryActivityStore store = new MemoryActivityStore(100, Clock.systemUTC(), Runnable::run);
        harness.store = store;
        Hub hub = hub(ALWAYS);

        arriving(hub, CALL, CallOptions.DEFAULT.withClient("ide").withOrigin("127.0.0.1", "7"));
        enhancer.answer = prompt -> Promise.succeeded(EnhancedPrompt.passedThrough(prompt, "no model"));
        arriving(hub, CALL);

        List<Activity> improvements = store.activities().stream()
                .filter(activity -> activity.kind() == Activity.Kind.ENHANCEMENT)
                .toList();
        Activity improved = improvements.get(0);
        assertEquals("ENHANCED", improved.outcome());
        assertEquals(Optional.of("art"), improved.server());
        assertEquals(Optional.of("draw"), improved.tool());
        assertEquals(Optional.of("ide"), improved.client());
        assertEquals(Optional.of("7"), improved.requestId());
        assertEquals(Optional.of(JsonText.quote("a cat")), improved.request());
        assertEquals(Optional.of(JsonText.quote("better: a cat")), improved.response());
        Activity passed = improvements.get(1);
        assertEquals("PASSED_THROUGH", passed.outcome());
        assertEquals(Optional.of("no model"), passed.detail());
        assertEquals(passed.request(), passed.response());
        assertEquals(2, improvements.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/password", "/auth/api_key", "/0/Access-Token", "/client_secret"})
    void noModelIsEverShownWhatIsCalledLikeASecret(String pointer) {
        harness.with(HubHarness.server("art")
                .enhance(ALWAYS)
                .enhance(ToolPrompt.asked("login", pointer))
                .build());

        ConfigurationException refused = assertThrows(ConfigurationException.class, harness::build);

        assertTrue(refused.getMessage().contains("enhance[1].pointer"), refused.getMessage());
    }

    @Test
    void aCallThatAsksIsImprovedByAServerThatOnlyImprovesOnDemand() {
        Hub hub = hub(ASKED);

        assertEquals(CALL, arriving(hub, CALL));
        assertEquals(IMPROVED, arriving(hub, CALL, CallOptions.DEFAULT.withEnhance(true)));
    }
}
