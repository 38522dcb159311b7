package io.agenthub.store;

import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.Retention;
import io.agenthub.tck.TckContext;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** The program that {@link KillTest} kills: writes as fast as it can and says what was acknowledged. */
final class KilledWriter {
    private KilledWriter() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        // Small enough that retention is at work when the end comes.
        StoreOptions options = StoreOptions.builder()
                .retention(new Retention(java.util.Optional.empty(), OptionalLong.of(Long.parseLong(args[1]))))
                .build();
        TckContext context = TckContext.real(Runnable::run);
        ActivityStore store = SqliteActivityStoreProvider.create(
                SqliteOptions.of(Path.of(args[0])).store(options), context);
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
