package io.agenthub.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.Settings;
import io.agenthub.api.breaker.BreakerPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How servers are described, and what of it is refused. */
class ServerSpecTest {
    private static void refused(String name, Executable making) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, making);
        assertTrue(refusal.getMessage().contains(name), refusal.getMessage());
    }

    @Test
    void everyDefaultIsTheDocumentedOne() {
        ServerSpec spec = ServerSpec.stdio("time", "uvx", "mcp-server-time").build();
        assertEquals("stdio", spec.bridge());
        assertEquals(StartMode.ON_DEMAND, spec.start());
        assertEquals(Duration.ofSeconds(30), spec.startTimeout());
        assertEquals(Duration.ofSeconds(30), spec.callTimeout());
        assertEquals(Duration.ofSeconds(10), spec.healthInterval());
        assertEquals(Duration.ZERO, spec.idleStop());
        assertEquals(new ServerLimits(16_384, 8 << 20, 1_024, 16 << 20), spec.limits());
        assertEquals(new BreakerPolicy(3, Duration.ofSeconds(30)), spec.breaker());
        RestartPolicy restart = spec.restart();
        assertEquals(Duration.ofMillis(250), restart.initialDelay());
        assertEquals(Duration.ofSeconds(30), restart.maxDelay());
        assertEquals(5, restart.maxExits());
        assertEquals(Duration.ofSeconds(60), restart.window());
        assertEquals(Duration.ofMinutes(5), restart.probeInterval());
    }

    @Test
    void aCommandIsAProgramAndItsArguments() {
        Settings settings = ServerSpec.stdio("time", "uvx", "mcp-server-time", "--utc")
                .build()
                .settings();
        assertEquals("uvx", settings.requiredString("command"));
        assertEquals(List.of("mcp-server-time", "--utc"), settings.strings("args"));
        assertEquals("servers.time", settings.path());
        refused("no command", () -> ServerSpec.stdio("time"));
    }

    @Test
    void everyPartCanBeSet() {
        RestartPolicy restart =
                new RestartPolicy(Duration.ZERO, Duration.ZERO, 1, 0, 0, Duration.ofMillis(1), Duration.ZERO);
        ServerSpec spec = ServerSpec.builder("a", "http")
                .settings(Settings.of("x", Map.of("url", "http://localhost")))
                .setting("headers", Map.of("A", "b"))
                .start(StartMode.EAGER)
                .startTimeout(Duration.ofMillis(1))
                .callTimeout(Duration.ofHours(24))
                .healthInterval(Duration.ZERO)
                .idleStop(Duration.ofDays(365))
                .limits(new ServerLimits(1, 1_024, 0, 1_024))
                .restart(restart)
                .breaker(BreakerPolicy.OFF)
                .process(new ProcessPolicy(ProcessPolicy.Mode.POOL, 4))
                .build();
        assertEquals(4, spec.process().max());
        assertEquals("http", spec.bridge());
        assertEquals(List.of("url", "headers"), List.copyOf(spec.settings().keys()));
        assertEquals(StartMode.EAGER, spec.start());
        assertEquals(Duration.ofMillis(1), spec.startTimeout());
        assertEquals(Duration.ofHours(24), spec.callTimeout());
        assertEquals(Duration.ZERO, spec.healthInterval());
        assertEquals(Duration.ofDays(365), spec.idleStop());
        assertEquals(1, spec.limits().maxInFlight());
        assertEquals(restart, spec.restart());
        assertEquals(BreakerPolicy.OFF, spec.breaker());
    }

    @Test
    void specsThatSayTheSameAreEqual() {
        ServerSpec spec = ServerSpec.stdio("a", "x", "y").build();
        assertEquals(spec, ServerSpec.stdio("a", "x", "y").build());
        assertNotEquals(spec, ServerSpec.stdio("a", "x", "z").build());
        assertNotEquals(
                spec,
                ServerSpec.stdio("a", "x", "y")
                        .callTimeout(Duration.ofSeconds(1))
                        .build());
    }

    @Test
    void theTextShowsNoSecret() {
        ServerSpec spec = ServerSpec.stdio("a", "x")
                .setting("env", Map.of("TOKEN", "hunter2"))
                .build();
        assertFalse(spec.toString().contains("hunter2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "0",
                "time",
                "my-server_2",
                "a123456789012345678901234567890123456789012345678901234567890123"
            })
    void theseAreNames(String name) {
        assertEquals(name, ServerSpec.builder(name, "x").build().name());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "A",
                "-a",
                "_a",
                "a b",
                "a/b",
                "../a",
                "a.b",
                "é",
                "<script>",
                "a\n",
                "\u202ea",
                "a1234567890123456789012345678901234567890123456789012345678901234"
            })
    void theseAreNone(String name) {
        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class,
                () -> ServerSpec.builder(name, "x").build());
        assertTrue(
                refusal.getMessage().chars().allMatch(c -> (c >= 0x20 && c < 0x7f) || c == '…'), refusal.getMessage());
    }

    @Test
    void aLongNameIsCutInTheRefusal() {
        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class,
                () -> ServerSpec.builder("x".repeat(100_000), "x").build());
        assertTrue(refusal.getMessage().length() < 300);
    }

    @Test
    void timesOutOfRangeAreNamed() {
        ServerSpec.Builder spec = ServerSpec.builder("a", "x");
        refused("startTimeout", () -> spec.startTimeout(Duration.ZERO).build());
        refused("startTimeout", () -> spec.startTimeout(Duration.ofMinutes(11)).build());
        ServerSpec.Builder call = ServerSpec.builder("a", "x");
        refused("callTimeout", () -> call.callTimeout(Duration.ofNanos(1)).build());
        refused("callTimeout", () -> call.callTimeout(Duration.ofHours(25)).build());
        ServerSpec.Builder health = ServerSpec.builder("a", "x");
        refused(
                "healthInterval",
                () -> health.healthInterval(Duration.ofSeconds(-1)).build());
        ServerSpec.Builder idle = ServerSpec.builder("a", "x");
        refused("idleStop", () -> idle.idleStop(Duration.ofDays(366)).build());
    }

    @Test
    void limitsOutOfRangeAreNamed() {
        refused("maxInFlight", () -> new ServerLimits(0, 1_024, 0, 1_024));
        refused("maxQueuedBytes", () -> new ServerLimits(1, 1_023, 0, 1_024));
        refused("maxWaiting", () -> new ServerLimits(1, 1_024, -1, 1_024));
        refused("maxFrameBytes", () -> new ServerLimits(1, 1_024, 0, 1_023));
    }

    @Test
    void restartPoliciesOutOfRangeAreNamed() {
        Duration one = Duration.ofSeconds(1);
        refused("initialDelay", () -> new RestartPolicy(one.negated(), one, 2, 0, 1, one, one));
        refused("maxDelay", () -> new RestartPolicy(one, Duration.ZERO, 2, 0, 1, one, one));
        refused("multiplier", () -> new RestartPolicy(one, one, 0.9, 0, 1, one, one));
        refused("multiplier", () -> new RestartPolicy(one, one, Double.NaN, 0, 1, one, one));
        refused("jitter", () -> new RestartPolicy(one, one, 2, 1.1, 1, one, one));
        refused("maxExits", () -> new RestartPolicy(one, one, 2, 0, -1, one, one));
        refused("window", () -> new RestartPolicy(one, one, 2, 0, 1, Duration.ZERO, one));
        refused("probeInterval", () -> new RestartPolicy(one, one, 2, 0, 1, one, one.negated()));
    }

    @Test
    void processPoliciesOutOfRangeAreNamed() {
        refused("process.max", () -> new ProcessPolicy(ProcessPolicy.Mode.POOL, 0));
        refused("process.max", () -> new ProcessPolicy(ProcessPolicy.Mode.POOL, 1_001));
        assertEquals(16, ProcessPolicy.DEFAULT.max());
        assertEquals(ProcessPolicy.Mode.AUTO, ProcessPolicy.DEFAULT.mode());
    }

    @Test
    void breakerPoliciesOutOfRangeAreNamed() {
        refused("failures", () -> new BreakerPolicy(-1, Duration.ofSeconds(1)));
        refused("failures", () -> new BreakerPolicy(1_001, Duration.ofSeconds(1)));
        refused("openFor", () -> new BreakerPolicy(1, Duration.ZERO));
        refused("openFor", () -> new BreakerPolicy(1, Duration.ofDays(36_501)));
    }

    @Test
    void delaysGrowUpToTheLongest() {
        RestartPolicy policy = RestartPolicy.DEFAULT;
        assertEquals(Duration.ofMillis(250), policy.delay(0));
        assertEquals(Duration.ofMillis(250), policy.delay(1));
        assertEquals(Duration.ofMillis(500), policy.delay(2));
        assertEquals(Duration.ofSeconds(16), policy.delay(7));
        assertEquals(Duration.ofSeconds(30), policy.delay(8));
        assertEquals(Duration.ofSeconds(30), policy.delay(Integer.MAX_VALUE));
        RestartPolicy none =
                new RestartPolicy(Duration.ZERO, Duration.ZERO, 10, 0, 1, Duration.ofSeconds(1), Duration.ZERO);
        assertEquals(Duration.ZERO, none.delay(Integer.MAX_VALUE));
    }

    @Test
    void promptsAreNamedOnceByToolAndPointer() {
        ServerSpec spec = ServerSpec.builder("a", "fake")
                .enhance(ToolPrompt.always("draw", "/prompt"))
                .enhance(ToolPrompt.asked("draw", "/style/0"))
                .build();
        assertEquals(2, spec.enhance().size());
        assertEquals(ToolPrompt.When.ASKED, spec.enhance().get(1).when());

        IllegalArgumentException twice = assertThrows(
                IllegalArgumentException.class,
                () -> ServerSpec.builder("a", "fake")
                        .enhance(ToolPrompt.always("draw", "/prompt"))
                        .enhance(ToolPrompt.asked("draw", "/prompt"))
                        .build());
        assertTrue(String.valueOf(twice.getMessage()).contains("twice"), twice.getMessage());
    }

    @Test
    void aPromptNeedsAToolAndAPointerIntoTheArguments() {
        assertThrows(IllegalArgumentException.class, () -> ToolPrompt.always(" ", "/prompt"));
        assertThrows(IllegalArgumentException.class, () -> ToolPrompt.always("draw", ""));
        assertThrows(IllegalArgumentException.class, () -> ToolPrompt.always("draw", "prompt"));
        assertThrows(IllegalArgumentException.class, () -> ToolPrompt.always("draw", "/a~2"));
        assertThrows(NullPointerException.class, () -> new ToolPrompt("draw", "/prompt", null));
    }
}
