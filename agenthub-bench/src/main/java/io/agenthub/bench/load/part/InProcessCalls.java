package io.agenthub.bench.load.part;

import com.sun.management.ThreadMXBean;
import io.agenthub.bench.load.proc.Part;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Calls through a hub in the caller's own process: how many, how soon, and what each allocates and holds. */
public final class InProcessCalls {
    private static final int PIPELINED = 256;
    private static final int WARMUPS = 2;

    private final List<String> command;
    private final Duration span;

    private InProcessCalls(List<String> command, Duration span) {
        this.command = command;
        this.span = span;
    }

    /**
     * Measures and prints.
     *
     * @param arguments {@code TRANSPORT ACTIVITY MILLIS HELD HELD_MILLIS COMMAND...}; the transport {@code pipe} means no hub
     * @throws IOException if the server does not start
     * @throws InterruptedException if interrupted
     */
    public static void run(List<String> arguments) throws IOException, InterruptedException {
        InProcessCalls calls = new InProcessCalls(
                arguments.subList(5, arguments.size()), Duration.ofMillis(Long.parseLong(arguments.get(2))));
        if (arguments.get(0).equals("pipe")) {
            calls.pipe();
        } else {
            calls.hub(arguments.get(0), arguments.get(1));
            calls.held(arguments.get(0), Integer.parseInt(arguments.get(3)), Integer.parseInt(arguments.get(4)));
        }
    }

    private void pipe() throws IOException, InterruptedException {
        try (PipeCaller pipe = new PipeCaller(command, PIPELINED)) {
            measure(pipe, "");
        }
    }

    private void hub(String transport, String activity) throws IOException, InterruptedException {
        try (HubCaller hub = HubCaller.start(command, transport, activity, HubCaller.Call.ECHO, PIPELINED)) {
            measure(hub.on(Runnable::run), "");
            measure(hub, "callback-");
        }
    }

    private void measure(Slots.Caller caller, String prefix) throws InterruptedException {
        for (int i = 0; i < WARMUPS; i++) {
            Slots.run(caller, PIPELINED, span.dividedBy(4));
            Slots.run(caller, 1, span.dividedBy(4));
        }
        Slots one = Slots.run(caller, 1, span.dividedBy(2));
        Part.print(prefix + "p50", one.micros(50));
        Part.print(prefix + "p99", one.micros(99));
        long before = allocated();
        Slots many = Slots.run(caller, PIPELINED, span.dividedBy(2));
        Part.print(prefix + "allocated", (double) (allocated() - before) / many.answered());
        Part.print(prefix + "rate", many.rate());
        Part.print(prefix + "wrong", (double) (one.wrong() + many.wrong()));
    }

    /** What all live threads have allocated so far. */
    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }

    private void held(String transport, int count, int millis) throws IOException, InterruptedException {
        try (HubCaller hub = HubCaller.start(command, transport, "none", HubCaller.Call.delay(millis), count)) {
            Slots.run(hub, count, Duration.ZERO);
            long before = usedAfterCollection();
            Slots slots = Slots.run(hub, count, Duration.ZERO);
            Part.print("held-answered", (double) slots.answered());
            Part.print("held-p99", slots.micros(99) / 1e3);
            long during =
                    new HeapProbe(Duration.ofMillis(millis / 2)).measure(() -> Slots.run(hub, count, Duration.ZERO));
            Part.print("held-heap", (double) (during - before) / count);
        }
    }

    static long usedAfterCollection() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
