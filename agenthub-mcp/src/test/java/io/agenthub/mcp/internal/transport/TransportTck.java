package io.agenthub.mcp.internal.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.tck.Await;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every transport keeps, whatever drives its pipes; with the traps that were met on the way. */
abstract class TransportTck {
    final ExecutorService pool = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "transport-tck");
        thread.setDaemon(true);
        return thread;
    });
    private final List<RecordingPipes> started = new ArrayList<>();
    EventLoopGroup loops;
    private EventLoop loop;
    private StdioTransport transport;

    abstract EventLoopGroup loops();

    abstract StdioTransport transport();

    @BeforeEach
    void begin() {
        loops = loops();
        loop = loops.next();
        transport = transport();
    }

    @AfterEach
    void end() throws InterruptedException {
        for (RecordingPipes child : started) {
            child.process().destroyForcibly();
            child.run(pipes -> pipes.close());
        }
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS);
        pool.shutdown();
        assertTrue(pool.awaitTermination(30, TimeUnit.SECONDS), "a thread of a transport is left");
    }

    RecordingPipes start(String script) {
        return start(new RecordingPipes(loop), "/bin/sh", "-c", script);
    }

    RecordingPipes start(RecordingPipes child, String... command) {
        try {
            child.begin(transport.start(new ProcessBuilder(command), "tck", loop, child));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        started.add(child);
        return child;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    // Bytes

    @Test
    void whatIsWrittenArrivesUnchangedAndOnce() {
        RecordingPipes child = start("exec cat");
        byte[] sent = random(3 << 20);
        child.writeAll(sent, 1 << 20);
        Await.until("all is back", () -> child.size() >= sent.length);
        assertArrayEquals(sent, child.bytes());
        assertEquals(sent.length, child.progress.get());
    }

    @Test
    void aPipeThatFillsAgainAndAgainLosesAndRepeatsNothing() {
        RecordingPipes child = start("while read go; do dd bs=1000 count=300 iflag=fullblock 2>/dev/null; done");
        byte[] sent = random(300_000);
        for (int i = 0; i < sent.length; i++) {
            sent[i] = (byte) ('a' + Math.floorMod(sent[i], 26));
        }
        for (int round = 1; round <= 20; round++) {
            child.writeAll("go\n".getBytes(StandardCharsets.US_ASCII), 64);
            child.writeAll(sent, 65_000);
            int expected = round * sent.length;
            Await.until("round " + round, () -> child.size() >= expected);
        }
        byte[] got = child.bytes();
        assertEquals(20 * sent.length, got.length);
        for (int i = 0; i < got.length; i++) {
            assertEquals(sent[i % sent.length], got[i], "byte " + i);
        }
    }

    @Test
    void bothDirectionsMayBeFullAtOnce() {
        RecordingPipes child = start("exec cat");
        byte[] sent = random(8 << 20);
        child.writeAll(sent, sent.length);
        Await.until("all is back", () -> child.size() >= sent.length);
        assertArrayEquals(sent, child.bytes());
    }

    @Test
    void nothingWrittenJustBeforeTheExitIsLost() {
        for (int i = 0; i < 30; i++) {
            RecordingPipes child = start("head -c 300000 /dev/zero; head -c 3000 /dev/zero >&2; exit 7");
            Await.until("the end", () -> child.outputEnded && child.errorEnded);
            assertEquals(300_000, child.size());
            assertEquals(3_000, child.errors.get());
        }
    }

    @Test
    void nothingIsDeliveredBeforeTheBeginning() throws IOException {
        RecordingPipes child = new RecordingPipes(loop);
        StdioPipes pipes = transport.start(new ProcessBuilder("/bin/sh", "-c", "echo early"), "tck", loop, child);
        Await.never(Duration.ofMillis(200), "output before begin()", () -> child.size() > 0);
        child.begin(pipes);
        started.add(child);
        Await.until("it comes then", () -> child.size() == 6 && child.outputEnded);
    }

    // The child's side

    @Test
    void theChildsOwnEndsBlockAsUsual() {
        RecordingPipes child =
                start("perl -MFcntl -e 'printf \"%d%d%d\", map { fcntl($_, F_GETFL, 0) & O_NONBLOCK ? 1 : 0 }"
                        + " (STDIN, STDOUT, STDERR)'");
        Await.until("it answers", () -> child.outputEnded);
        assertEquals("000", child.text());
    }

    @Test
    void theChildMayOpenItsStreamsByName() {
        RecordingPipes child = start("echo out >/dev/stdout; cat </dev/stdin; echo err >/dev/stderr");
        child.writeAll("in\n".getBytes(StandardCharsets.US_ASCII), 64);
        child.run(StdioPipes::closeInput);
        Await.until("the end", () -> child.outputEnded && child.errorEnded);
        assertEquals("out\nin\n", child.text());
        assertEquals(4, child.errors.get());
    }

    @Test
    void aDirectBufferIsWrittenFromItsPositionToItsLimit() {
        RecordingPipes child = start("cat | wc -c; echo done");
        for (int i = 0; i < 3; i++) {
            int drained = child.drains.get();
            ByteBuffer bytes = ByteBuffer.allocateDirect(300_000).position(100_000);
            child.run(pipes -> assertFalse(pipes.write(bytes)));
            Await.until("it is drained", () -> child.drains.get() > drained);
        }
        child.run(StdioPipes::closeInput);
        Await.until("the end", () -> child.outputEnded);
        assertEquals("600000\ndone\n", child.text());
        assertEquals(600_000, child.progress.get());
    }

    @Test
    void aDirectBufferMayBeUsedAgainOnceThePipesAreClosed() {
        RecordingPipes child = start("sleep 0.3; exec tr -d x");
        ByteBuffer bytes = ByteBuffer.allocateDirect(300_000);
        for (int i = 0; i < bytes.capacity(); i++) {
            bytes.put(i, (byte) 'x');
        }
        child.run(pipes -> {
            assertFalse(pipes.write(bytes));
            pipes.close();
            for (int i = 0; i < bytes.capacity(); i++) {
                bytes.put(i, (byte) 'y');
            }
        });
        child.process().onExit().toCompletableFuture().join();
        assertEquals("", child.text());
    }

    @Test
    void closingTheInputIsItsEnd() {
        RecordingPipes child = start("cat; echo done");
        child.writeAll("last".getBytes(StandardCharsets.US_ASCII), 64);
        child.run(StdioPipes::closeInput);
        child.run(StdioPipes::closeInput);
        Await.until("the end", () -> child.outputEnded);
        assertEquals("lastdone\n", child.text());
    }

    @Test
    void closingTheInputWaitsForTheWriteUnderWay() {
        RecordingPipes child = start("sleep 0.3; cat | wc -c");
        byte[] sent = random(500_000);
        child.run(pipes -> {
            assertFalse(pipes.write(ByteBuffer.wrap(sent)));
            pipes.closeInput();
        });
        Await.until("the end", () -> child.outputEnded);
        assertEquals("500000", child.text().strip());
    }

    // Deaf, dumb and dead children

    @Test
    void aChildThatDoesNotReadHoldsUpNoOther() {
        RecordingPipes deaf = start("exec sleep 60");
        deaf.run(pipes -> assertFalse(pipes.write(ByteBuffer.wrap(random(1 << 20)))));
        RecordingPipes other = start("exec cat");
        for (int i = 1; i <= 100; i++) {
            other.writeAll("x".getBytes(StandardCharsets.US_ASCII), 64);
            int expected = i;
            Await.until("it answers", () -> other.size() == expected);
        }
        assertTrue(deaf.progress.get() < 1 << 20);
        assertEquals(0, deaf.drains.get());
    }

    @Test
    void anInputThatTheChildClosedIsReportedOnceAndKeepsNoLoopBusy() {
        RecordingPipes child = start("read go; exec 0</dev/null; sleep 60");
        child.run(pipes -> pipes.write(ByteBuffer.wrap(random(1 << 20))));
        // The line feeds in the bytes end the read; what is left in the pipe nobody reads.
        Await.until("it is reported", () -> child.inputFailure != null);
        long before = loopCpu();
        Await.never(Duration.ofMillis(300), "a second report", () -> child.failures.get() > 1);
        long spent = TimeUnit.NANOSECONDS.toMillis(loopCpu() - before);
        assertTrue(spent < 150, "the loop was busy for " + spent + " ms");
    }

    @Test
    void anInputThatWasOnceFullAndIsThenClosedKeepsNoLoopBusy() {
        RecordingPipes child = start("head -c 1000000 >/dev/null; echo read; exec 0</dev/null; echo closed; sleep 60");
        child.writeAll(random(1_000_000), 1_000_000);
        Await.until("it closed its input", () -> child.text().contains("closed"));
        long before = loopCpu();
        Await.never(Duration.ofMillis(300), "many reports", () -> child.failures.get() > 1);
        long spent = TimeUnit.NANOSECONDS.toMillis(loopCpu() - before);
        assertTrue(spent < 150, "the loop was busy for " + spent + " ms");
    }

    private long loopCpu() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        loop.submit(() -> thread.set(Thread.currentThread())).syncUninterruptibly();
        return ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.get().getId());
    }

    @Test
    void closedErrorOutputIsNoEnd() {
        RecordingPipes child = start("exec 2>&-; cat");
        Await.until("it is seen", () -> child.errorEnded);
        child.writeAll("still here".getBytes(StandardCharsets.US_ASCII), 64);
        Await.until("it answers", () -> child.text().equals("still here"));
        assertFalse(child.outputEnded);
    }

    @Test
    void aFloodOnOneChildLeavesTheLoopToOthers() {
        RecordingPipes flood = new RecordingPipes(loop) {
            @Override
            public void output(byte[] chunk, int from, int to) {
                progress.addAndGet(to - from);
            }
        };
        start(flood, "/bin/sh", "-c", "exec cat /dev/zero");
        RecordingPipes other = start("exec cat");
        Await.until("it floods", () -> flood.progress.get() > 64 << 20);
        for (int i = 1; i <= 20; i++) {
            other.writeAll("x".getBytes(StandardCharsets.US_ASCII), 64);
            int expected = i;
            Await.until("it answers", () -> other.size() == expected);
        }
    }

    @Test
    void aListenerThatThrowsDoesNotSilenceTheChild() {
        RecordingPipes child = new RecordingPipes(loop) {
            private int thrown;

            @Override
            public void output(byte[] chunk, int from, int to) {
                if (thrown++ < 5) {
                    throw new IllegalStateException("on purpose");
                }
                super.output(chunk, from, to);
            }
        };
        start(child, "/bin/sh", "-c", "for i in 1 2 3 4 5 6 7 8 9; do echo $i; sleep 0.05; done");
        Await.until("its end is seen", () -> child.outputEnded);
    }

    // The end

    @Test
    void closingLetsGoAlthoughAGrandchildHoldsTheOutput() {
        RecordingPipes child = start("sleep 60 & echo $!; exit 0");
        Await.until("the grandchild is known", () -> child.text().endsWith("\n"));
        Await.until("the child is gone", () -> !child.process().isAlive());
        boolean[] ended = new boolean[1];
        child.run(pipes -> {
            ended[0] = child.outputEnded;
            pipes.close();
            pipes.close();
        });
        child.run(pipes -> pipes.write(ByteBuffer.wrap(new byte[10])));
        Await.never(Duration.ofMillis(100), "news after the close", () -> child.outputEnded != ended[0]);
        // Ending it is the launcher's business; here it is this test's.
        ProcessHandle.of(Long.parseLong(child.text().strip())).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void aProgramThatCannotBeStartedLeavesNoDescriptor() {
        assertThrows(IOException.class, this::startNothing);
        int before = descriptors();
        for (int i = 0; i < 20; i++) {
            assertThrows(IOException.class, this::startNothing);
        }
        assertTrue(descriptors() <= before, before + " descriptors became " + descriptors());
    }

    private void startNothing() throws IOException {
        transport.start(new ProcessBuilder("/no/such/program"), "tck", loop, new RecordingPipes(loop));
    }

    @Test
    void manyChildrenComeAndGoWithoutATrace() {
        runOnce();
        int before = descriptors();
        for (int i = 0; i < 100; i++) {
            runOnce();
        }
        Await.until("descriptors are back to " + before, () -> descriptors() <= before);
    }

    private void runOnce() {
        RecordingPipes child = start("exec cat");
        child.writeAll("x".getBytes(StandardCharsets.US_ASCII), 64);
        Await.until("it answers", () -> child.size() == 1);
        child.process().destroyForcibly();
        Await.until("its end is seen", () -> child.outputEnded);
        child.run(StdioPipes::close);
    }

    static int descriptors() {
        String[] open = new File("/proc/self/fd").list();
        return open == null ? 0 : open.length;
    }
}
