package io.agenthub.mcp.internal.stdio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ErrorKind;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.ConnectException;
import io.agenthub.api.bridge.Connector;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.tck.Await;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is started, what it may see, and what is said when it cannot be started. */
class StdioProcessTest extends StdioFixture {
    @TempDir
    Path folder;

    private ConnectException refused(ServerSpec.Builder spec) {
        return Await.failure(ConnectException.class, connect(spec));
    }

    private Path script(String name, String body) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + body + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    // Start

    @Test
    void aMissingCommandFailsTheStartAndSaysWhatWasSearched() {
        ConnectException failure = refused(ServerSpec.stdio("gone", "no-such-command-here"));
        assertEquals(ErrorKind.SPAWN_FAILED, failure.kind());
        assertTrue(failure.getMessage().contains("'no-such-command-here'"), failure.getMessage());
        assertTrue(failure.getMessage().contains("PATH"), failure.getMessage());
        assertTrue(failure.exit().isEmpty());
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aCommandThatIsInstalledLaterIsFoundThen() throws IOException {
        Connector connector = connector(
                ServerSpec.stdio("late", folder.resolve("tool").toString()).setting("protocol", "legacy"));
        assertTrue(Await.failure(ConnectException.class, connector.connect(request(PATIENCE)))
                .getMessage()
                .contains("does not exist"));
        script("tool", HANDSHAKE + "cat");
        Await.value(Await.value(connector.connect(request(PATIENCE))).closeAsync());
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aFileThatMayNotBeExecutedFailsTheStart() throws IOException {
        Path file = Files.writeString(folder.resolve("data"), "#!/bin/sh\n");
        ConnectException failure = refused(ServerSpec.stdio("data", file.toString()));
        assertEquals(ErrorKind.SPAWN_FAILED, failure.kind());
        assertTrue(failure.getMessage().contains("may not be executed"), failure.getMessage());
    }

    @Test
    void aWorkingFolderThatIsNotThereFailsTheStart() {
        ConnectException failure =
                refused(fake().setting("cwd", folder.resolve("absent").toString()));
        assertEquals(ErrorKind.SPAWN_FAILED, failure.kind());
        assertTrue(failure.getMessage().contains("working directory"), failure.getMessage());
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aFileWithoutAnInterpreterFailsTheStartWithItsLastWords() throws IOException {
        Path file = Files.writeString(folder.resolve("tool"), "#!/no/such/interpreter\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        ConnectException failure = refused(ServerSpec.stdio("tool", file.toString()));
        assertTrue(
                failure.kind() == ErrorKind.CHILD_EXITED || failure.kind() == ErrorKind.SPAWN_FAILED,
                failure.getMessage());
        assertTrue(failure.getMessage().contains("No such file"), failure.getMessage());
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aProgramPlantedInTheWorkingFolderIsNotRun() throws IOException {
        script("planted-tool", "echo planted >&2");
        ConnectException failure = refused(ServerSpec.stdio("planted", "planted-tool")
                .setting("cwd", folder.toString())
                .setting("env", Map.of("PATH", ".::/nonexistent")));
        assertEquals(ErrorKind.SPAWN_FAILED, failure.kind());
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void theProgramFoundFirstIsTheProgramRunEverAfter() throws IOException {
        Path first = Files.createDirectory(folder.resolve("first"));
        Path second = Files.createDirectory(folder.resolve("second"));
        Path tool = script("tool", HANDSHAKE + "cat");
        Files.move(tool, second.resolve("tool"));
        Connector connector = connector(ServerSpec.stdio("once", "tool")
                .setting("protocol", "legacy")
                .setting("env", Map.of("PATH", first + ":" + second + ":/usr/bin:/bin")));
        Await.value(Await.value(connector.connect(request(PATIENCE))).closeAsync());
        Files.move(script("planted", "exit 9"), first.resolve("tool"));
        Await.value(Await.value(connector.connect(request(PATIENCE))).closeAsync());
    }

    @Test
    void startsThatHangDoNotHoldUpOthers() {
        List<java.util.concurrent.CompletionStage<Bridge>> hanging = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            hanging.add(connect(fake("initialize=never")));
        }
        assertEquals("3", data(call(open(fake()), "add", "{\"a\":1,\"b\":2}")).toString());
        hanging.forEach(stage -> stage.toCompletableFuture().cancel(true));
    }

    @Test
    void whatACancelledStartLeftBehindIsGoneWhenItIsSettled() {
        Connector connector = connector(fake("initialize=never", "ignore-term", "settle-me"));
        var stage = connector.connect(request(PATIENCE));
        Await.until("the process runs", () -> running("settle-me"));
        stage.toCompletableFuture().cancel(true);
        Await.value(connector.settled());
        assertFalse(running("settle-me"));
        Await.value(connector.settled());
    }

    @Test
    void aStartCancelledBeforeItBeganLeavesNothing() {
        Connector connector = connector(fake("initialize=never", "cancel-at-once"));
        for (int i = 0; i < 5; i++) {
            connector.connect(request(PATIENCE)).toCompletableFuture().cancel(true);
        }
        Await.value(connector.settled());
        assertFalse(running("cancel-at-once"));
    }

    @Test
    void aProcessBornWhenTheLoopHasEndedIsGoneWhenTheStartFails() throws Exception {
        EventLoop ending = new LoopThatEndsMeanwhile();
        context.share(EventLoopGroup.class, ending);
        Connector connector = connector(fake("initialize=never", "ignore-term", "born-too-late"));
        ConnectException failure = Await.failure(ConnectException.class, connector.connect(request(PATIENCE)));
        assertEquals(ErrorKind.SPAWN_FAILED, failure.kind());
        assertFalse(running("born-too-late"));
        Await.value(connector.settled());
        ending.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
    }

    /** A loop as an application lends it, and ends before what uses it. */
    private EventLoopGroup lent(boolean nio) {
        EventLoopGroup lent =
                new MultiThreadIoEventLoopGroup(1, nio ? NioIoHandler.newFactory() : EpollIoHandler.newFactory());
        context.share(EventLoopGroup.class, lent);
        return lent;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @EnabledOnOs(OS.LINUX)
    void aProcessThatRunsWhenTheLoopEndsIsGoneWhenTheStartFails(boolean nio) throws Exception {
        EventLoopGroup lent = lent(nio);
        Path asked = folder.resolve("asked");
        Connector connector = connector(ServerSpec.stdio(
                "silent", "/bin/sh", "-c", "read l; : > " + asked + "; sleep 1000", "loop-ends-" + nio));
        var stage = connector.connect(request(Duration.ofSeconds(2)));
        Await.until("the process is asked", () -> Files.exists(asked));
        assertTrue(running("loop-ends-" + nio));
        lent.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();

        ConnectException failure = Await.failure(ConnectException.class, stage);
        assertEquals(ErrorKind.SPAWN_FAILED, failure.kind());
        assertFalse(running("loop-ends-" + nio));
        Await.value(connector.settled());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @EnabledOnOs(OS.LINUX)
    void aBridgeThatIsClosedWhenTheLoopHasEndedLeavesNothing(boolean nio) throws Exception {
        EventLoopGroup lent = lent(nio);
        Bridge bridge = open(fake("ignore-term", "closed-late-" + nio));
        assertTrue(running("closed-late-" + nio));
        lent.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();

        Await.value(bridge.closeAsync());
        assertFalse(running("closed-late-" + nio));
    }

    /** It is there when a start begins, and not any more when there is a process to be heard. */
    private static final class LoopThatEndsMeanwhile extends DefaultEventLoop {
        private final AtomicBoolean used = new AtomicBoolean();

        @Override
        public void execute(Runnable task) {
            if (used.getAndSet(true)) {
                throw new RejectedExecutionException("the loop has ended");
            }
            super.execute(task);
        }
    }

    private static boolean running(String argument) {
        return ProcessHandle.allProcesses()
                .filter(ProcessHandle::isAlive)
                .anyMatch(process -> process.info()
                        .arguments()
                        .map(arguments -> Arrays.asList(arguments).contains(argument))
                        .orElse(false));
    }

    @Test
    void theTimeForTheStartCountsFromItsBeginningAndTheTreeIsGoneWhenItFails() {
        Connector connector = connector(fake("initialize=never", "ignore-term", "too-slow"));
        long start = System.nanoTime();
        ConnectException failure =
                Await.failure(ConnectException.class, connector.connect(request(Duration.ofMillis(800))));
        assertEquals(ErrorKind.INIT_TIMEOUT, failure.kind());
        assertTrue(failure.getMessage().contains("800 ms"), failure.getMessage());
        assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() >= 800);
        assertFalse(running("too-slow"));
        assertEquals(BridgeExit.Cause.REQUESTED, failure.exit().orElseThrow().cause());
    }

    // What it is given

    @Test
    void argumentsArriveExactlyAsWritten() {
        List<String> odd = List.of(
                ";", "$(id)", "`id`", "\"", "'", "\\", "--flag", "-", "", " ", "a b", "*", "~", "é漢😀", "|&<>",
                "%PATH%", "$HOME", "\t");
        Bridge bridge = open(fake(odd.toArray(String[]::new)));
        List<String> got = data(call(bridge, "cwd", "{}")).member("arguments").orElseThrow().elements().stream()
                .map(word -> word.string().orElseThrow())
                .toList();
        assertEquals(odd, got);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theEnvironmentIsTheAllowListAndWhatIsDeclaredAndNothingElse() {
        Bridge bridge = open(fake().setting("env", Map.of("DECLARED", "é=1")));
        Map<String, JsonText> seen = data(call(bridge, "env", "{}"))
                .member("environment")
                .orElseThrow()
                .members();
        Set<String> expected = new TreeSet<>(Set.of("DECLARED"));
        for (String name : System.getenv().keySet()) {
            if (Set.of("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "LANG", "TMPDIR", "TZ")
                            .contains(name)
                    || name.startsWith("LC_")) {
                expected.add(name);
            }
        }
        assertEquals(expected, new TreeSet<>(seen.keySet()));
        assertEquals("é=1", seen.get("DECLARED").string().orElseThrow());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void noDescriptorOfOursIsInherited() throws IOException {
        try (var file = Files.newInputStream(Files.writeString(folder.resolve("open"), "x"));
                var socket = new java.net.ServerSocket(0)) {
            assertTrue(file.read() == 'x' && socket.getLocalPort() > 0);
            Bridge bridge = open(shell("ls -l /proc/self/fd >&2; exit 0"));
            String tail = Await.value(bridge.whenClosed()).stderrTail();
            List<String> beyond = tail.lines()
                    .filter(line -> line.contains(" -> "))
                    .map(line -> line.replaceAll(".* (\\d+) -> (.*)", "$1 $2"))
                    .filter(line -> !line.matches("[012] pipe:.*") && !line.contains("/proc/"))
                    .toList();
            assertEquals(List.of(), beyond, tail);
            assertTrue(tail.contains("pipe:"), tail);
        }
    }

    @Test
    void theWorkingFolderIsTheOneConfigured() throws IOException {
        Bridge bridge = open(fake().setting("cwd", folder.toString()));
        assertEquals(folder.toRealPath().toString(), text(data(call(bridge, "cwd", "{}")), "/cwd"));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aWrapperStandsInFrontOfTheCommand() throws IOException {
        Path wrapper = script("wrapper", "export WRAPPED=\"$1\"; shift; exec \"$@\"");
        Bridge bridge = open(fake().setting("wrapper", List.of(wrapper.toString(), "first word")));
        assertEquals("first word", text(data(call(bridge, "env", "{}")), "/environment/WRAPPED"));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theProcessLeadsASessionOfItsOwn() throws IOException {
        Bridge bridge = open(fake());
        long pid = bridge.stats().pid().orElseThrow();
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        assertEquals(Long.toString(pid), fields[2], "process group");
        assertEquals(Long.toString(pid), fields[3], "session");
        assertEquals(
                Long.toString(pid),
                data(call(bridge, "env", "{}")).member("pid").orElseThrow().toString());
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void filesItMakesAreItsUsersAloneUnlessConfiguredOtherwise() throws IOException {
        Path secret = folder.resolve("secret");
        Path shared = folder.resolve("shared");
        Await.value(open(shell("touch '" + secret + "'; exit 0")).whenClosed());
        Await.value(open(shell("touch '" + shared + "'; exit 0").setting("umask", "022"))
                .whenClosed());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)));
        assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(shared)));
    }

    // What it says when it ends

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void theTailOfItsErrorOutputShowsNoDeclaredValue() {
        ServerSpec.Builder spec = ServerSpec.stdio(
                        "leaky", "/bin/sh", "-c", "echo \"my key is $KEY and password=hunter2\" >&2; exit 4")
                .setting("env", Map.of("KEY", "canary-value"));
        ConnectException failure = refused(spec);
        assertEquals(ErrorKind.CHILD_EXITED, failure.kind());
        String tail = failure.exit().orElseThrow().stderrTail();
        assertEquals("my key is [redacted] and password=[redacted]", tail);
        assertFalse(failure.getMessage().contains("canary"), failure.getMessage());
        assertTrue(failure.getMessage().contains("code 4"), failure.getMessage());
    }

    @Test
    void theProviderIsFoundByItsName() {
        assertTrue(java.util.ServiceLoader.load(io.agenthub.api.spi.BridgeProvider.class).stream()
                .anyMatch(found -> found.get().name().equals("stdio")));
    }
}
