package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.Retention;
import io.agenthub.tck.TckContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The program that tests kill: writes as fast as it can and says what was acknowledged. */
final class KilledWriter {
    /** A minute, where half a second and the start of a JVM are enough. */
    private static final int PATIENCE_SECONDS = 60;

    private static final int SIGKILL = 9;

    private KilledWriter() {}

    /**
     * What a process did before it was killed.
     *
     * @param acknowledged the sequence that was acknowledged last
     * @param writingNanos from the first acknowledgement to the kill
     */
    record Life(long acknowledged, long writingNanos) {}

    /**
     * Starts the program in a process of its own, and kills that.
     *
     * @param millis how long it writes
     * @param arguments those of the program
     * @return what it did, as far as it told
     */
    static Life runAndKill(int millis, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                "-cp",
                System.getProperty("java.class.path"),
                KilledWriter.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Executor later = CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        CompletableFuture<Void> patience = CompletableFuture.runAsync(() -> dumpAndKill(process), later);
        try (BufferedReader told = process.inputReader()) {
            String line = told.readLine();
            String last = line;
            long begin = System.nanoTime();
            long end = begin + millis * 1_000_000L;
            while (line != null && System.nanoTime() < end) {
                last = line;
                line = told.readLine();
            }
            // Not through the process itself, which would close the stream as well.
            process.toHandle().destroyForcibly();
            long writing = System.nanoTime() - begin;
            while (line != null) {
                last = line.isEmpty() ? last : line;
                line = told.readLine();
            }
            process.waitFor();
            assertTrue(patience.cancel(false), "it went on telling until it was killed");
            assertEquals(128 + SIGKILL, process.exitValue(), "and did not end by itself");
            return new Life(Long.parseLong(String.valueOf(last)), writing);
        }
    }

    /** The end of one that tells nothing any more, with what its threads are at. */
    private static void dumpAndKill(Process process) {
        try {
            Path jstack = Path.of(System.getProperty("java.home"), "bin", "jstack");
            new ProcessBuilder(jstack.toString(), "-l", String.valueOf(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor(10, TimeUnit.SECONDS);
        } catch (IOException e) {
            System.out.println("no stack of the stalled writer: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.toHandle().destroyForcibly();
        }
    }

    /** Takes the bytes that are kept, and a file for SQLite, or the address, the user and the schema for PostgreSQL. */
    public static void main(String[] args) throws IOException {
        // Small enough that retention is at work when the end comes.
        StoreOptions options = StoreOptions.builder()
                .retention(Retention.ofBytes(Long.parseLong(args[0])))
                .build();
        TckContext context = TckContext.real(Runnable::run);
        ActivityStore store = args.length == 2
                ? SqliteActivityStoreProvider.create(
                        SqliteOptions.of(Path.of(args[1])).store(options), context)
                : PostgresActivityStoreProvider.create(
                        PostgresOptions.of(args[1])
                                .login(args[2], "")
                                .schema(args[3])
                                .store(options),
                        context);
        store.open().toCompletableFuture().join();
        AtomicLong acknowledged = new AtomicLong();
        Semaphore room = new Semaphore(2_000);
        Thread writer = new Thread(() -> {
            for (int i = 0; ; i++) {
                room.acquireUninterruptibly();
                store.append(StoreHarness.call()
                                .tool("tool-" + i % 20)
                                .requestId(String.valueOf(i))
                                .build())
                        .whenComplete((sequence, failure) -> {
                            room.release();
                            if (sequence != null) {
                                acknowledged.set(sequence);
                            } else {
                                System.err.println("a writer that is not closed lost an activity: " + failure + ", "
                                        + store.status().problem());
                                Runtime.getRuntime().halt(3);
                            }
                        });
                if (i % 20_000 == 10_000) {
                    store.cleanup(options.retention());
                }
            }
        });
        writer.setDaemon(true);
        writer.start();
        PrintStream out = System.out;
        long told = 0;
        // Whoever started it may be gone.
        while (!out.checkError()) {
            long now = acknowledged.get();
            if (now > told) {
                told = now;
                out.write((now + "\n").getBytes(StandardCharsets.US_ASCII));
                out.flush();
            } else {
                Thread.onSpinWait();
            }
        }
    }
}
