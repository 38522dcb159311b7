package io.agenthub.bench.load.part;

import io.agenthub.bench.load.proc.Part;
import io.agenthub.bench.load.proc.ProcStat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The same calls, waited for in different ways: asynchronously, with a thread for each call, a virtual thread for each, or a
 * process for each.
 */
public final class WaysToWait {
    private static final int WAVES = 3;

    private WaysToWait() {}

    /** Waits for an answer on the thread that called. */
    @FunctionalInterface
    interface BlockingCall {
        boolean call(int slot) throws IOException, InterruptedException;
    }

    /**
     * Measures and prints.
     *
     * @param arguments {@code WAY CALLS HELD_MILLIS COMMAND...}, where the way is {@code async}, {@code threads}, {@code
     *     virtual} or {@code processes}
     * @throws IOException if the server does not start
     * @throws InterruptedException if interrupted
     */
    public static void run(List<String> arguments) throws IOException, InterruptedException {
        int calls = Integer.parseInt(arguments.get(1));
        HubCaller.Call held = HubCaller.Call.delay(Integer.parseInt(arguments.get(2)));
        List<String> command = arguments.subList(3, arguments.size());
        if (arguments.get(0).equals("processes")) {
            int atOnce = 2 * Runtime.getRuntime().availableProcessors();
            blocking(Executors.newFixedThreadPool(atOnce), slot -> OneProcess.call(command, held, slot), calls);
            return;
        }
        try (HubCaller hub = HubCaller.start(command, "auto", "none", held, calls)) {
            switch (arguments.get(0)) {
                case "threads" -> blocking(Executors.newCachedThreadPool(), hub::callAndWait, calls);
                case "virtual" -> blocking(virtualThreads(), hub::callAndWait, calls);
                default -> waves(hub, calls);
            }
        }
    }

    private static void blocking(ExecutorService threads, BlockingCall call, int calls) throws InterruptedException {
        waves((slot, done) -> threads.execute(() -> done.done(succeeds(call, slot))), calls);
        threads.shutdown();
    }

    private static boolean succeeds(BlockingCall call, int slot) {
        try {
            return call.call(slot);
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void waves(Slots.Caller caller, int calls) throws InterruptedException {
        ProcessHandle self = ProcessHandle.current();
        ProcStat.forgetPeak(self);
        long before = ProcStat.residentBytes(self).orElse(0);
        Duration cpu = ProcStat.familyCpu(self);
        long begun = System.nanoTime();
        double worst = 0;
        double middle = 0;
        long answered = 0;
        for (int i = 0; i < WAVES; i++) {
            Slots wave = Slots.run(caller, calls, Duration.ZERO);
            answered += wave.answered();
            middle = wave.micros(50) / 1e3;
            worst = Math.max(worst, wave.micros(95) / 1e3);
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        Part.print("rate", answered / seconds);
        Part.print("p50", middle);
        Part.print("p95", worst);
        Part.print("cpu", ProcStat.familyCpu(self).minus(cpu).toNanos() / 1e6 / Math.max(1, answered));
        Part.print("growth", (ProcStat.peakResidentBytes(self).orElse(0) - before) / 1e6);
        Part.print("threads", (double) ManagementFactory.getThreadMXBean().getPeakThreadCount());
        Part.print("answered", (double) answered);
    }

    /** By reflection, since Java 17 has none. */
    private static ExecutorService virtualThreads() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java has no virtual threads", e);
        }
    }
}
