package io.agenthub.mcp.internal.stdio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ErrorKind;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.ConnectException;
import io.agenthub.api.bridge.Connector;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.tck.Await;
import io.agenthub.tck.FakeMcpServer;
import io.agenthub.tck.RecordingCallContext;
import io.agenthub.tck.TckContext;
import io.agenthub.tck.everything.EverythingServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How it is found out which era a server is of, with servers that make it hard. */
class StdioEraTest extends StdioFixture {
    private static final String MODERN = "2026-07-28";
    private static final String LEGACY = "2025-11-25";

    @TempDir
    Path folder;

    private Path journal;

    @BeforeEach
    void noJournalYet() throws IOException {
        journal = Files.createFile(folder.resolve("journal"));
    }

    private ServerSpec.Builder everything(String mode) {
        return ServerSpec.stdio("everything", EverythingServer.command(mode, "--journal=" + journal));
    }

    /** The same, but it takes its time before it reads anything; each process leaves a line in the journal at once. */
    @SuppressWarnings("SameParameterValue")
    private ServerSpec.Builder slowly(int seconds, String... command) {
        String[] sleepy = {
            "/bin/sh", "-c", "echo $$ spawned >>'" + journal + "'; sleep " + seconds + "; exec \"$@\"", "sh"
        };
        return ServerSpec.stdio(
                "slow", Stream.of(sleepy, command).flatMap(Arrays::stream).toArray(String[]::new));
    }

    /** What happened in all processes, without their ids. */
    private List<String> happened() {
        try {
            return Files.readAllLines(journal).stream()
                    .map(line -> line.substring(line.indexOf(' ') + 1))
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private long times(String what) {
        return happened().stream().filter(what::equals).count();
    }

    private static String era(Bridge bridge) {
        return bridge.info().protocolVersion();
    }

    private static void works(Bridge bridge) {
        JsonText result = Await.value(call(bridge, "test_simple_text", "{}")).orThrow();
        assertEquals(
                "This is a simple text response for testing.",
                result.at("/content/0/text").flatMap(JsonText::string).orElseThrow());
    }

    // Servers that answer

    @Test
    void aModernServerIsFoundByTheFirstQuestionAndNeverInitialized() {
        Bridge bridge = open(everything("--modern"));
        assertEquals(MODERN, era(bridge));
        assertEquals("agenthub-everything", bridge.info().name());
        assertEquals("1.0.0", bridge.info().version());
        assertTrue(bridge.info().instructions().isPresent());
        assertTrue(bridge.info().capabilities().at("/tools/listChanged").isPresent());
        works(bridge);
        assertEquals(0, times("received initialize"));
        assertEquals(1, times("start"));
    }

    @Test
    void aServerOfBothErasIsSpokenToInTheModernOne() {
        Bridge bridge = open(everything("--dual"));
        assertEquals(MODERN, era(bridge));
        works(bridge);
        assertEquals(0, times("received initialize"));
        assertEquals(1, times("start"));
    }

    @Test
    void aLegacyServerIsInitializedInTheProcessThatWasAsked() {
        Bridge bridge = open(everything("--legacy"));
        assertEquals(LEGACY, era(bridge));
        works(bridge);
        assertEquals(
                List.of(
                        "start",
                        "received server/discover",
                        "received initialize",
                        "received notifications/initialized"),
                happened().subList(0, 4));
        assertEquals(1, times("start"));
    }

    @Test
    void whatWasFoundOutIsNotAskedAgainByTheSameConnector() {
        Connector connector = connector(everything("--legacy"));
        for (int i = 0; i < 3; i++) {
            Await.value(Await.value(connector.connect(request(PATIENCE))).closeAsync());
        }
        assertEquals(1, times("received server/discover"));
        assertEquals(3, times("received initialize"));
    }

    // What is configured

    @ParameterizedTest
    @ValueSource(strings = {"--legacy", "--dual"})
    void aServerConfiguredAsLegacyIsNeverAskedAnythingModern(String mode) {
        Bridge bridge = open(everything(mode).setting("protocol", "legacy"));
        assertEquals(LEGACY, era(bridge));
        works(bridge);
        assertEquals(0, times("received server/discover"));
    }

    @Test
    void aLegacyServerConfiguredAsModernIsRefusedAndNeverInitialized() {
        ConnectException failure = Await.failure(
                ConnectException.class, connect(everything("--legacy").setting("protocol", "modern")));
        assertEquals(ErrorKind.CHILD_PROTOCOL, failure.kind());
        assertTrue(failure.getMessage().contains("\"protocol\""), failure.getMessage());
        assertEquals(0, times("received initialize"));
    }

    @Test
    void aModernServerConfiguredAsLegacyIsRefused() {
        ConnectException failure = Await.failure(
                ConnectException.class, connect(everything("--modern").setting("protocol", "legacy")));
        assertEquals(ErrorKind.CHILD_PROTOCOL, failure.kind());
        assertTrue(failure.getMessage().contains("refused to initialize"), failure.getMessage());
        assertEquals(0, times("received server/discover"));
    }

    @Test
    void aModernServerOfNoRevisionKnownHereIsRefusedAndNeverInitialized() {
        ConnectException failure =
                Await.failure(ConnectException.class, connect(fake("discover=unsupported", "initialize=exit")));
        assertEquals(ErrorKind.CHILD_PROTOCOL, failure.kind());
        assertTrue(failure.getMessage().contains("2999-01-01"), failure.getMessage());
    }

    @Test
    void aServerThatRefusesTheRevisionItSpeaksIsAskedOnceMoreInTheSameProcess() {
        Bridge bridge = open(fake("discover=hesitant", "initialize=exit"));
        assertEquals(MODERN, era(bridge));
    }

    @Test
    void aServerThatKeepsRefusingTheRevisionItSpeaksIsNotAskedForEver() {
        ConnectException failure =
                Await.failure(ConnectException.class, connect(fake("discover=contrary", "initialize=exit")));
        assertEquals(ErrorKind.CHILD_PROTOCOL, failure.kind());
        assertTrue(failure.getMessage().contains("keeps refusing MCP 2026-07-28"), failure.getMessage());
    }

    // Hazards

    @Test
    void aServerThatExitsWhenItIsAskedIsInitializedInAnotherProcessAndFailsNothing() {
        Connector connector = connector(fake("discover=exit"));
        for (int i = 0; i < 2; i++) {
            Bridge bridge = Await.value(connector.connect(request(PATIENCE)));
            assertEquals(LEGACY, era(bridge));
            assertEquals("3", data(call(bridge, "add", "{\"a\":1,\"b\":2}")).toString());
            Await.value(bridge.closeAsync());
        }
    }

    @Test
    void aServerThatExitsInBothErasIsReportedWithItsOwnLastWords() {
        ConnectException failure = Await.failure(
                ConnectException.class, connect(fake("stderr=the key is missing", "discover=exit", "initialize=exit")));
        assertEquals(ErrorKind.CHILD_EXITED, failure.kind());
        assertEquals(3, failure.exit().orElseThrow().code().orElseThrow());
        assertTrue(failure.getMessage().contains("the key is missing"), failure.getMessage());
    }

    @Test
    void aServerThatNeverAnswersTheQuestionIsInitializedAfterAShortWhile() {
        long before = System.nanoTime();
        Bridge bridge = open(fake("discover=never"));
        assertTrue(System.nanoTime() - before >= Opening.PATIENCE.toNanos());
        assertEquals(LEGACY, era(bridge));
        assertEquals("3", data(call(bridge, "add", "{\"a\":1,\"b\":2}")).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"discover=exit", "discover=none"})
    void aServerThatFloodsItsErrorOutputIsHeardAllTheSame(String mode) {
        assertEquals(LEGACY, era(open(fake("flood", mode))));
    }

    @Test
    void aServerThatWritesNoiseBeforeItsAnswerIsUnderstood() {
        assertEquals(LEGACY, era(open(fake("noise"))));
        assertEquals(MODERN, era(open(fake("noise", "discover=modern"))));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aSlowLegacyServerIsNotAskedTwice() {
        Bridge bridge = open(slowly(3, EverythingServer.command("--legacy", "--journal=" + journal)));
        assertEquals(LEGACY, era(bridge));
        works(bridge);
        assertEquals(1, times("spawned"));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aSlowModernServerIsFoundModernAfterAll() {
        Bridge bridge = open(slowly(3, EverythingServer.command("--modern", "--journal=" + journal)));
        assertEquals(MODERN, era(bridge));
        works(bridge);
        assertEquals(1, times("spawned"));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aModernServerMayRefuseToInitializeBeforeItAnswersTheQuestionThatCameFirst() {
        String overtaking = """
                id() { sed 's/.*"id":\\([0-9]*\\).*/\\1/'; }
                answer() { printf '{"jsonrpc":"2.0","id":%s,%s}\\n' "$1" "$2"; }
                read -r discover
                read -r initialize
                answer "$(echo "$initialize" | id)" '"error":{"code":-32022,"message":"Unsupported protocol version"}'
                answer "$(echo "$discover" | id)" '"result":{"supportedVersions":["2026-07-28"],"capabilities":{}}'
                """ + READ_ON;
        assertEquals(
                MODERN, era(open(ServerSpec.stdio("overtaking", "/bin/sh", "-c", overtaking.replace("\n", "; ")))));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aSlowServerOfBothErasThatBoundItselfToASessionIsStartedAnewInTheModernOne() {
        Bridge bridge = open(slowly(3, EverythingServer.command("--dual", "--journal=" + journal)));
        assertEquals(MODERN, era(bridge));
        works(bridge);
        assertEquals(2, times("spawned"));
        assertEquals(1, times("received initialize"));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void answersToTheOpeningAreHeardInTheirOrderWhateverTheCallbackThreadsDo() {
        AtomicInteger tasks = new AtomicInteger();
        Executor firstIsLast =
                task -> CompletableFuture.delayedExecutor(tasks.getAndIncrement() == 0 ? 500 : 0, TimeUnit.MILLISECONDS)
                        .execute(task);
        try (TckContext busy = TckContext.real(firstIsLast)) {
            ServerSpec.Builder spec = slowly(3, EverythingServer.command("--dual", "--journal=" + journal));
            Connector connector =
                    bridges.connector(spec.setting("transport", transport()).build(), busy);
            Bridge bridge = Await.value(connector.connect(request(PATIENCE)));
            assertEquals(MODERN, era(bridge));
            Await.value(bridge.closeAsync());
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aSlowServerThatExitsWhenItIsAskedIsStartedAnew() {
        Bridge bridge = open(slowly(3, FakeMcpServer.command("discover=exit")));
        assertEquals(LEGACY, era(bridge));
        assertEquals(2, times("spawned"));
    }

    @Test
    void noProcessOfAnAttemptThatIsGivenUpIsLeft() {
        Connector connector = connector(everything("--legacy").setting("protocol", "modern"));
        Await.failure(ConnectException.class, connector.connect(request(PATIENCE)));
        Await.value(connector.settled());
        Await.until("its journal ends", () -> times("start") == 1);
        assertFalse(ProcessHandle.current()
                .descendants()
                .anyMatch(process -> process.info()
                        .arguments()
                        .map(words -> Arrays.asList(words).contains("--journal=" + journal))
                        .orElse(false)));
    }

    // Verdicts that are not true any more

    /** A server that changes its era between one start and the next. */
    private Connector changing(String first, String then) throws IOException {
        Path mode = Files.writeString(folder.resolve("mode"), first);
        String[] command = EverythingServer.command("--journal=" + journal);
        String[] shell = {"/bin/sh", "-c", "exec \"$@\" $(cat '" + mode + "')", "sh"};
        Connector connector = connector(ServerSpec.stdio(
                "changing", Stream.of(shell, command).flatMap(Arrays::stream).toArray(String[]::new)));
        Await.value(Await.value(connector.connect(request(PATIENCE))).closeAsync());
        Files.writeString(mode, then);
        return connector;
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aServerThatIsModernNoMoreIsInitialized() throws IOException {
        Bridge bridge = Await.value(changing("--modern", "--legacy").connect(request(PATIENCE)));
        assertEquals(LEGACY, era(bridge));
        works(bridge);
        Await.value(bridge.closeAsync());
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aServerThatIsLegacyNoMoreIsFoundModern() throws IOException {
        Bridge bridge = Await.value(changing("--legacy", "--modern").connect(request(PATIENCE)));
        assertEquals(MODERN, era(bridge));
        works(bridge);
        Await.value(bridge.closeAsync());
    }

    // Life

    @Test
    void aModernServerIsAskedWhetherItLivesInItsOwnWords() {
        Bridge bridge = open(everything("--modern"));
        RecordingCallContext context = new RecordingCallContext();
        assertTrue(Await.value(bridge.request("server/discover", null, context)) instanceof RpcResult);
        assertEquals(
                "{}",
                Await.value(bridge.request("ping", null, context)).orThrow().toString());
        assertEquals(0, times("received ping"));
    }

    @Test
    void theTimeForTheStartHoldsForBothProcessesTogether() {
        long before = System.nanoTime();
        ConnectException failure = Await.failure(
                ConnectException.class,
                connector(fake("discover=exit", "initialize=never")).connect(request(Duration.ofSeconds(4))));
        assertEquals(ErrorKind.INIT_TIMEOUT, failure.kind());
        assertTrue(Duration.ofNanos(System.nanoTime() - before).toMillis() >= 4000);
    }
}
