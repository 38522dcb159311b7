package io.agenthub.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.breaker.BreakerPolicy;
import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.enhance.EnhancedPrompt;
import io.agenthub.api.enhance.EnhancedPrompt.Outcome;
import io.agenthub.api.enhance.EnhancementCache;
import io.agenthub.api.enhance.EnhancementRules;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.enhance.ModelInfo;
import io.agenthub.api.enhance.Prompt;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.ollama.fake.FakeFault;
import io.agenthub.ollama.fake.FakeModel;
import io.agenthub.ollama.fake.FakeOllama;
import io.agenthub.ollama.fake.FakeRequest;
import io.agenthub.tck.Await;
import io.agenthub.tck.TckContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class OllamaEnhancerTest extends EnhancerTest {
    private static final Prompt PROMPT = Prompt.of("wat is the wether");

    private static EnhancedPrompt enhance(Enhancer enhancer, Prompt prompt) {
        return Await.value(enhancer.enhance(prompt));
    }

    private static String passed(EnhancedPrompt outcome) {
        assertEquals(Outcome.PASSED_THROUGH, outcome.outcome());
        assertEquals(outcome.original(), outcome.text());
        return outcome.reason().orElseThrow();
    }

    @Test
    void aPromptIsImprovedByTheModelOfItsRule() {
        EnhancedPrompt outcome = enhance(opened(patient().rules(rules(MODEL)).build()), PROMPT);

        assertEquals(Outcome.ENHANCED, outcome.outcome());
        assertEquals("Improved: wat is the wether", outcome.text());
        assertEquals("wat is the wether", outcome.original());
        assertEquals(Optional.of(MODEL), outcome.model());
    }

    @Test
    void theModelIsToldTheSystemPromptAndItsBoundsAndNotToReason() {
        enhance(
                opened(patient()
                        .rules(rules(MODEL))
                        .keepAlive(Duration.ofMinutes(10))
                        .build()),
                PROMPT);

        FakeRequest sent = ollama.requests("/api/chat").get(0);
        JsonText body = sent.json();
        assertEquals(
                "\"Improve.\"", body.at("/messages/0/content").orElseThrow().toString());
        assertEquals(
                "\"wat is the wether\"",
                body.at("/messages/1/content").orElseThrow().toString());
        assertEquals("0.3", body.at("/options/temperature").orElseThrow().toString());
        assertEquals("500", body.at("/options/num_predict").orElseThrow().toString());
        assertEquals("false", body.at("/think").orElseThrow().toString());
        assertEquals("\"600000ms\"", body.at("/keep_alive").orElseThrow().toString());
    }

    @Test
    void nothingButChattingAndTheVersionIsAskedFor() {
        Enhancer enhancer = opened(patient().rules(rules(MODEL)).build());

        enhance(enhancer, PROMPT);
        Await.until("the version was asked", () -> ollama.requests().size() == 2);
        enhance(enhancer, Prompt.of("another"));

        assertEquals(
                List.of("/api/chat", "/api/version", "/api/chat"),
                ollama.requests().stream().map(FakeRequest::path).toList());
    }

    @Test
    void theOpenaiStyleImprovesAsWell() {
        Enhancer enhancer = enhancer(
                Map.of("api", "openai", "rules", Map.of("default", Map.of("model", MODEL)), "timeBudget", "20s"));

        assertEquals("Improved: wat is the wether", enhance(enhancer, PROMPT).text());
        assertEquals(
                List.of("/v1/chat/completions"),
                ollama.requests().stream().map(FakeRequest::path).toList());
    }

    @Test
    void theClientChoosesTheRuleAndAnUnknownOneGetsTheDefault() {
        ollama.model("coder", FakeModel.saying("code"));
        EnhancementRules rules = new EnhancementRules(
                Optional.of(rule(MODEL)), Map.of("vscode", rule("coder")), "test", Optional.empty());
        Enhancer enhancer = opened(patient().rules(rules).build());

        assertEquals("code", enhance(enhancer, PROMPT.from("vscode")).text());
        assertEquals(
                "Improved: wat is the wether",
                enhance(enhancer, PROMPT.from("unknown")).text());
        assertEquals("Improved: wat is the wether", enhance(enhancer, PROMPT).text());
    }

    @Test
    void aRuleThatIsSwitchedOffPassesThroughWithoutARequest() {
        Enhancer enhancer = enhancer(Map.of("rules", Map.of("clients", Map.of("quiet", Map.of("enabled", false)))));

        assertTrue(passed(enhance(enhancer, PROMPT.from("quiet"))).contains("switched off"));
        assertEquals(List.of(), ollama.requests());
    }

    @Test
    void theNextModelOfTheChainMakesUpForOneThatIsMissingFailsOrTalksNonsense() {
        ollama.model("silent", FakeModel.saying(""))
                .model("cut", FakeModel.improving().cut())
                .model("musing", FakeModel.saying("<think>for ever"));
        Enhancer enhancer = opened(patient()
                .rules(rules("missing", "silent", "cut", "musing", MODEL))
                .build());

        EnhancedPrompt outcome = enhance(enhancer, PROMPT);

        assertEquals(Outcome.ENHANCED, outcome.outcome());
        assertEquals(Optional.of(MODEL), outcome.model());
        assertEquals(5, ollama.requests("/api/chat").size());
    }

    @Test
    void aChainWithoutAModelThatHelpsPassesThroughAndSaysWhatEachDid() {
        ollama.model("silent", FakeModel.saying(" \n "));
        Enhancer enhancer = opened(patient().rules(rules("missing", "silent")).build());

        String reason = passed(enhance(enhancer, PROMPT));

        assertTrue(reason.contains("missing: ") && reason.contains("model 'missing' not found"), reason);
        assertTrue(reason.contains("silent: it wrote nothing"), reason);
        assertEquals(Map.of("unusable", 1L), enhancer.stats().passedThrough());
    }

    @Test
    void reasoningNeverReachesThePromptInWhateverFormItComes() {
        Enhancer enhancer = opened(patient().rules(rules(MODEL)).build());
        List<FakeModel> models = List.of(
                FakeModel.saying("clean").thinking("secret"),
                FakeModel.saying("<think>sec", "ret</think>\n\nclean"),
                FakeModel.saying("secret </thi", "nk> clean "),
                FakeModel.saying("<thinking>secret</thinking>clean"));

        for (int i = 0; i < models.size(); i++) {
            ollama.model(MODEL, models.get(i));
            assertEquals("clean", enhance(enhancer, Prompt.of("prompt " + i)).text());
        }
    }

    @Test
    void anAnswerLongerThanAllowedOrWithControlCharactersIsNotUsed() {
        Enhancer enhancer =
                opened(patient().rules(rules(MODEL)).maxOutputChars(50).build());
        for (String answer : List.of("x".repeat(51), "bell \u0007", "nul \0", "esc \u001b[2J", "half \uD83D")) {
            ollama.model(MODEL, FakeModel.saying(answer));
            passed(enhance(enhancer, PROMPT));
        }
        ollama.model(MODEL, FakeModel.saying("x".repeat(50)));

        assertEquals("x".repeat(50), enhance(enhancer, PROMPT).text());
        assertEquals(1, cache.kept().size());
    }

    @Test
    void whatNeedNotOrCannotBeImprovedIsNeverSent() {
        Enhancer enhancer =
                opened(patient().rules(rules(MODEL)).maxPromptChars(100).build());

        passed(enhance(enhancer, Prompt.of("")));
        passed(enhance(enhancer, Prompt.of(" ")));
        passed(enhance(enhancer, Prompt.of("x".repeat(101))));
        passed(enhance(enhancer, Prompt.of("half \uDE00")));
        passed(enhance(enhancer, PROMPT.within(Duration.ZERO)));

        assertEquals(
                Map.of("empty", 2L, "too-long", 1L, "not-text", 1L, "timeout", 1L),
                enhancer.stats().passedThrough());
        assertTrue(ollama.requests("/api/chat").size() <= 1, "only the prompt without time may have been on its way");
    }

    @Test
    void theSamePromptComesFromTheCacheOfItsClientOnly() {
        Enhancer enhancer = opened(patient().rules(rules(MODEL)).build());

        enhance(enhancer, PROMPT.from("one"));
        EnhancedPrompt again = enhance(enhancer, PROMPT.from("one"));
        EnhancedPrompt other = enhance(enhancer, PROMPT.from("two"));

        assertEquals(Outcome.CACHED, again.outcome());
        assertEquals(Optional.of(MODEL), again.model());
        assertEquals(Outcome.ENHANCED, other.outcome());
        assertEquals(2, ollama.requests("/api/chat").size());
        assertEquals(2, enhancer.stats().enhanced());
        assertEquals(1, enhancer.stats().cached());
    }

    @Test
    void theCacheIsBypassedOnDemandAndThenHoldsWhatIsNewer() {
        Enhancer enhancer = opened(patient().rules(rules(MODEL)).build());
        enhance(enhancer, PROMPT);
        ollama.model(MODEL, FakeModel.saying("newer"));

        assertEquals("Improved: wat is the wether", enhance(enhancer, PROMPT).text());
        assertEquals(
                "newer",
                enhance(enhancer, new Prompt(PROMPT.text(), Optional.empty(), true))
                        .text());
        EnhancedPrompt after = enhance(enhancer, PROMPT);

        assertEquals("newer", after.text());
        assertEquals(Outcome.CACHED, after.outcome());
    }

    @Test
    void aCallThatBypassesTheCacheEndsOnlyWhenTheCacheHoldsItsImprovement() {
        CountDownLatch ready = new CountDownLatch(1);
        ollama.spoil((answer, socket, stopped) -> {
            ready.await();
            return FakeFault.NONE.send(answer, socket, stopped);
        });
        // Whoever goes on when the stage ends does so on the thread that ends it, in the very moment.
        try (TckContext direct = TckContext.real(Runnable::run)) {
            direct.share(EnhancementCache.class, cache);
            Enhancer enhancer = opened(OllamaEnhancer.builder(builder(), direct)
                    .rules(rules(MODEL))
                    .timeBudget(Duration.ofSeconds(20))
                    .build());
            CompletionStage<Integer> keptAtTheEnd = enhancer.enhance(new Prompt(PROMPT.text(), Optional.empty(), true))
                    .thenApply(outcome -> cache.kept().size());

            ready.countDown();

            assertEquals(1, Await.value(keptAtTheEnd));
        }
    }

    @Test
    void failuresAreNeverCached() {
        Enhancer enhancer = opened(patient().rules(rules(MODEL)).build());
        ollama.spoilOnce(FakeFault.status(500, "out of memory"));

        assertTrue(passed(enhance(enhancer, PROMPT)).contains("out of memory"));

        assertEquals(Outcome.ENHANCED, enhance(enhancer, PROMPT).outcome());
    }

    @Test
    void aModelThatHangsCostsItsCallerTheBudgetAndNoMore() {
        ollama.spoil(FakeFault.HANG);
        Enhancer enhancer = opened(
                patient().rules(rules(MODEL)).timeBudget(Duration.ofMillis(200)).build());
        long start = System.nanoTime();

        String reason = passed(enhance(enhancer, PROMPT));

        assertTrue(reason.contains("200 ms"), reason);
        assertTrue(System.nanoTime() - start < Duration.ofSeconds(5).toNanos());
        assertEquals(Map.of("timeout", 1L), enhancer.stats().passedThrough());
    }

    @Test
    void whateverGoesWrongTheOriginalComesBackInTimeAndNothingIsKept() throws Exception {
        FakeOllama elsewhere = opened(FakeOllama.start()).model(MODEL, FakeModel.improving());
        Map<String, FakeFault> faults = new LinkedHashMap<>();
        faults.put("hangs", FakeFault.HANG);
        faults.put("hangs in the head", FakeFault.hangAfter(10));
        faults.put("drips", FakeFault.drip(5));
        faults.put("is cut", FakeFault.cutAfter(150));
        faults.put("is reset", FakeFault.resetAfter(150));
        faults.put("is huge", FakeFault.huge("application/json"));
        faults.put("is garbage", FakeFault.raw("garbage\r\n\r\n"));
        faults.put("is 404", FakeFault.status(404, "model not found"));
        faults.put("is 429", FakeFault.status(429, "slow down"));
        faults.put("is 500", FakeFault.status(500, "crashed"));
        faults.put("is 503", FakeFault.status(503, "server busy"));
        faults.put("is a redirect", FakeFault.redirect(elsewhere.url() + "/api/chat"));
        faults.put("fails in mid stream", FakeFault.midStreamError(1, "crashed"));
        Enhancer enhancer = opened(patient()
                .rules(rules(MODEL))
                .timeBudget(Duration.ofMillis(300))
                .maxConcurrent(64)
                .breaker(BreakerPolicy.OFF)
                .build());

        faults.forEach((what, fault) -> {
            ollama.spoil(fault);
            for (boolean watched : List.of(false, true)) {
                Prompt prompt = Prompt.of("a prompt whose answer " + what + watched);
                long start = System.nanoTime();
                EnhancedPrompt outcome = Await.value(
                        watched ? enhancer.enhance(prompt, new PreviewTest.Watching()) : enhancer.enhance(prompt));
                long took = System.nanoTime() - start;
                passed(outcome);
                assertTrue(took < Duration.ofSeconds(5).toNanos(), what + " took " + Duration.ofNanos(took));
            }
        });

        assertEquals(Map.of(), cache.kept());
        assertEquals(0, elsewhere.connections());
    }

    @Test
    void aPromptMayBringLessTimeButNotMore() {
        ollama.spoil(FakeFault.HANG);
        Enhancer enhancer = opened(
                patient().rules(rules(MODEL)).timeBudget(Duration.ofMillis(150)).build());

        assertTrue(
                passed(enhance(enhancer, PROMPT.within(Duration.ofMillis(20)))).contains("20 ms"));
        assertTrue(passed(enhance(enhancer, PROMPT.within(Duration.ofHours(1)))).contains("150 ms"));
    }

    @Test
    void anAnswerTooLateForItsCallerIsThereForTheNext() {
        CountDownLatch slow = new CountDownLatch(1);
        ollama.spoilOnce((answer, socket, stopped) -> {
            slow.await();
            return FakeFault.NONE.send(answer, socket, stopped);
        });
        Enhancer enhancer = opened(patient().rules(rules(MODEL)).build());

        passed(enhance(enhancer, PROMPT.within(Duration.ofMillis(50))));
        slow.countDown();
        Await.until("the answer is kept", () -> cache.kept().size() == 1);

        assertEquals(Outcome.CACHED, enhance(enhancer, PROMPT).outcome());
        assertEquals(1, ollama.requests("/api/chat").size());
    }

    @Test
    void aServerThatIsGoneOpensTheBreakerAndThenCostsNothing() throws Exception {
        Enhancer enhancer = opened(patient()
                .rules(rules(MODEL, "other"))
                .breaker(new BreakerPolicy(3, Duration.ofMinutes(1)))
                .build());
        int port = ollama.port();
        ollama.close();

        for (int i = 0; i < 5; i++) {
            passed(enhance(enhancer, Prompt.of("prompt " + i)));
        }

        assertEquals(
                BreakerState.OPEN, enhancer.breaker().orElseThrow().status().state());
        assertEquals(
                Map.of("unreachable", 3L, "breaker-open", 2L), enhancer.stats().passedThrough());

        opened(FakeOllama.start(port)).model(MODEL, FakeModel.improving());
        enhancer.reset();

        assertEquals(Outcome.ENHANCED, enhance(enhancer, PROMPT).outcome());
        assertEquals(Map.of(), enhancer.stats().passedThrough());
    }

    @Test
    void aMissingModelDoesNotOpenTheBreaker() {
        Enhancer enhancer = opened(patient().rules(rules("missing")).build());

        for (int i = 0; i < 10; i++) {
            passed(enhance(enhancer, PROMPT));
        }

        assertEquals(
                BreakerState.CLOSED, enhancer.breaker().orElseThrow().status().state());
    }

    @Test
    void morePromptsThanSlotsArePassedThroughAtOnce() {
        ollama.spoil(FakeFault.HANG);
        Enhancer enhancer = opened(patient().rules(rules(MODEL)).build());
        List<CompletionStage<EnhancedPrompt>> hanging = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            hanging.add(enhancer.enhance(Prompt.of("hang " + i)));
        }
        assertEquals(4, enhancer.stats().inFlight());

        assertTrue(passed(enhance(enhancer, PROMPT)).contains("maxConcurrent"));

        hanging.forEach(stage -> stage.toCompletableFuture().cancel(true));
    }

    @Test
    void theModelsOfTheServerAreListed() {
        Enhancer enhancer = opened(patient().build());

        assertEquals(
                List.of(MODEL),
                Await.value(enhancer.models()).stream().map(ModelInfo::name).toList());
    }

    @Test
    void closingPassesThroughWhatIsUnderWay() {
        ollama.spoil(FakeFault.HANG);
        Enhancer enhancer = patient().rules(rules(MODEL)).build();
        CompletionStage<EnhancedPrompt> hung = enhancer.enhance(PROMPT);
        Await.until("the request arrived", () -> ollama.requests().size() == 1);

        Await.value(enhancer.closeAsync());

        passed(Await.value(hung));
        passed(enhance(enhancer, PROMPT));
        assertEquals(Map.of("closed", 2L), enhancer.stats().passedThrough());
    }

    @Test
    void promptsStandInNoTextThatCouldBeLogged() {
        Enhancer enhancer = opened(patient().rules(rules(MODEL)).build());
        EnhancedPrompt outcome = enhance(enhancer, PROMPT.from("client"));

        assertFalse((PROMPT.toString() + outcome).contains("wether"));
    }
}
