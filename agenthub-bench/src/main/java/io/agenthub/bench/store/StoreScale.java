package io.agenthub.bench.store;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.Activity.Kind;
import io.agenthub.api.activity.ActivityFormat;
import io.agenthub.api.activity.ActivityQuery;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.Retention;
import io.agenthub.api.activity.Verification;
import io.agenthub.bench.TemporaryFolder;
import io.agenthub.store.SqliteActivityStoreProvider;
import io.agenthub.store.SqliteOptions;
import io.agenthub.store.StoreOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/**
 * Fills a store and prints what it then takes to query, measure, export, verify and shrink it.
 *
 * <p>{@code java -cp benchmarks.jar io.agenthub.bench.store.StoreScale 10000000 [folder]}
 */
public final class StoreScale {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final int REPEATS = 40;
    private static final int QUIET_SECONDS = 10;

    private final ActivityStore store;
    private final long rows;

    private StoreScale(ActivityStore store, long rows) {
        this.store = store;
        this.rows = rows;
    }

    /**
     * Runs everything.
     *
     * @param args the number of activities, and a folder that may hold a store of an earlier run
     * @throws Exception if a file cannot be written or the thread is interrupted
     */
    public static void main(String[] args) throws Exception {
        long rows = args.length > 0 ? Long.parseLong(args[0]) : 10_000_000;
        try (TemporaryFolder folder = new TemporaryFolder()) {
            measure(rows, (args.length > 1 ? Path.of(args[1]) : folder.path()).resolve("activity.db"));
        }
    }

    private static void measure(long rows, Path file) throws IOException, InterruptedException {
        StoreOptions options = StoreOptions.builder()
                .retention(Retention.FOREVER)
                .queryTimeout(Duration.ofMinutes(10))
                .build();
        try (BenchContext context = new BenchContext()) {
            ActivityStore store =
                    SqliteActivityStoreProvider.create(SqliteOptions.of(file).store(options), context);
            store.open().toCompletableFuture().join();
            new StoreScale(store, rows).run(file);
            store.close();
        }
    }

    private void run(Path file) throws IOException, InterruptedException {
        long there = store.find(ActivityQuery.ALL)
                .toCompletableFuture()
                .join()
                .total()
                .orElse(0);
        if (there < rows) {
            fill(there);
        }
        print(
                "file size",
                "%.0f MiB, %.0f bytes a row",
                Files.size(file) / 1048576.0,
                (double) Files.size(file) / rows);
        queries();
        statistics();
        export();
        verify();
        prune();
    }

    private void fill(long there) throws InterruptedException {
        Calls calls = new Calls(BEGIN, 86_400_000_000L * 30 / rows);
        for (long i = 0; i < there; i++) {
            calls.next();
        }
        Semaphore room = new Semaphore(20_000);
        long begin = System.nanoTime();
        for (long i = there; i < rows; i++) {
            room.acquire();
            store.append(calls.next()).whenComplete((sequence, failure) -> room.release());
        }
        room.acquire(20_000);
        print("fill", "%,.0f rows/s", (rows - there) / seconds(begin));
    }

    private void queries() {
        Instant middle = BEGIN.plus(Duration.ofDays(15));
        Map<String, ActivityQuery.Builder> queries = new LinkedHashMap<>();
        queries.put("everything", ActivityQuery.builder());
        queries.put("time", ActivityQuery.builder().from(middle).until(middle.plusSeconds(4_321)));
        queries.put("half of time", ActivityQuery.builder().until(middle.plusMillis(7)));
        queries.put("client", ActivityQuery.builder().client("client-3"));
        queries.put("server", ActivityQuery.builder().server("server-3"));
        queries.put("method", ActivityQuery.builder().method("tools/list"));
        queries.put("tool", ActivityQuery.builder().tool("tool-2-2"));
        queries.put("outcome", ActivityQuery.builder().outcome("DEADLINE"));
        queries.put("outcome OK", ActivityQuery.builder().outcome(Activity.OK));
        queries.put("status range", ActivityQuery.builder().status(500, 599));
        queries.put("request id", ActivityQuery.builder().requestId(String.valueOf(rows / 10)));
        queries.put("text", ActivityQuery.builder().text("from server-5 within"));
        queries.put("text, frequent", ActivityQuery.builder().text("tool"));
        queries.put("text, nowhere", ActivityQuery.builder().text("no such words"));
        queries.put("kind, rare", ActivityQuery.builder().kinds(Kind.SERVER, Kind.GAP));
        queries.put(
                "server and time", ActivityQuery.builder().server("server-1").until(middle));
        queries.put(
                "server, client, outcome",
                ActivityQuery.builder().server("server-1").client("client-1").outcome("ERROR"));
        queries.put(
                "client and outcome", ActivityQuery.builder().client("client-1").outcome("DEADLINE"));
        queries.put(
                "server and another's tool",
                ActivityQuery.builder().server("server-1").tool("tool-2-2"));
        queries.put(
                "server and status", ActivityQuery.builder().server("server-1").status(500, 599));
        queries.put(
                "text and time",
                ActivityQuery.builder().text("server-5 within").from(middle).until(middle.plusSeconds(86_400)));
        queries.put(
                "outcome and time",
                ActivityQuery.builder().outcome("DEADLINE").from(middle).until(middle.plusSeconds(86_400)));
        queries.put(
                "all of it",
                ActivityQuery.builder()
                        .kinds(Kind.CALL)
                        .client("client-1")
                        .server("server-1")
                        .method("tools/call")
                        .tool("tool-1-1")
                        .outcome("DEADLINE")
                        .status(500, 599)
                        .text("within")
                        .from(middle)
                        .until(middle.plusSeconds(86_400)));
        queries.forEach((name, query) -> print("query by " + name, "%s", p50p95(() -> store.find(query.build()))));
    }

    private void statistics() {
        Instant middle = BEGIN.plus(Duration.ofDays(15)).plusSeconds(77);
        Map<String, ActivityQuery.Builder> queries = new LinkedHashMap<>();
        queries.put("everything", ActivityQuery.builder());
        queries.put("half of time", ActivityQuery.builder().from(middle));
        queries.put("outcome", ActivityQuery.builder().outcome("DEADLINE"));
        queries.put("outcome OK", ActivityQuery.builder().outcome(Activity.OK));
        queries.put("server", ActivityQuery.builder().server("server-1"));
        queries.put(
                "server and outcome", ActivityQuery.builder().server("server-1").outcome("DEADLINE"));
        queries.put(
                "server and client", ActivityQuery.builder().server("server-1").client("client-1"));
        queries.put("status range", ActivityQuery.builder().status(500, 599));
        queries.put("text", ActivityQuery.builder().text("server-5"));
        queries.forEach((name, query) -> print(
                "statistics of " + name, "%s", p50p95(5, () -> store.statistics(query.build(), Duration.ofHours(1)))));
    }

    private void export() throws InterruptedException {
        Runtime runtime = Runtime.getRuntime();
        long begin = System.nanoTime();
        CompletableFuture<Long> done = new CompletableFuture<>();
        store.export(ActivityQuery.ALL, ActivityFormat.JSON_LINES).subscribe(new Flow.Subscriber<>() {
            private long bytes;
            private Flow.@org.jspecify.annotations.Nullable Subscription subscription;

            @Override
            public void onSubscribe(Flow.Subscription given) {
                subscription = given;
                given.request(1);
            }

            @Override
            public void onNext(ByteBuffer lines) {
                bytes += lines.remaining();
                if (subscription != null) {
                    subscription.request(1);
                }
            }

            @Override
            public void onError(Throwable failure) {
                done.completeExceptionally(failure);
            }

            @Override
            public void onComplete() {
                done.complete(bytes);
            }
        });
        long most = 0;
        while (!done.isDone()) {
            most = Math.max(most, runtime.totalMemory() - runtime.freeMemory());
            Thread.sleep(20);
        }
        print(
                "export",
                "%,.0f rows/s, %.0f MiB of JSON Lines, at most %.0f MiB of heap in use",
                rows / seconds(begin),
                done.join() / 1048576.0,
                most / 1048576.0);
    }

    private void verify() {
        long begin = System.nanoTime();
        Verification verification =
                store.verify(List.of()).toCompletableFuture().join();
        print("verify", "%,.0f rows/s, intact: %s", verification.checked() / seconds(begin), verification.intact());
    }

    /** Removes a tenth while 1,000 activities a second come in, and tells how long those had to wait; then without removal. */
    private void prune() throws InterruptedException {
        long bytes = store.status().bytes();
        long begin = System.nanoTime();
        CompletableFuture<Long> removal =
                store.cleanup(Retention.ofBytes(bytes - bytes / 10)).toCompletableFuture();
        String waited = appendUntil(removal::isDone);
        print(
                "retention",
                "%,.0f rows/s removed; appends meanwhile waited %s",
                removal.join() / seconds(begin),
                waited);
        long quiet = System.nanoTime();
        print("without it", "appends waited %s", appendUntil(() -> seconds(quiet) > QUIET_SECONDS));
    }

    private String appendUntil(BooleanSupplier over) throws InterruptedException {
        Calls calls = new Calls(Instant.now(), 1);
        ConcurrentLinkedQueue<Long> waits = new ConcurrentLinkedQueue<>();
        CompletionStage<Long> last = CompletableFuture.completedStage(0L);
        while (!over.getAsBoolean()) {
            long asked = System.nanoTime();
            last = store.append(calls.next()).whenComplete((sequence, failure) -> waits.add(System.nanoTime() - asked));
            Thread.sleep(1);
        }
        last.toCompletableFuture().join();
        long[] sorted = waits.stream().mapToLong(Long::longValue).sorted().toArray();
        return String.format(
                "p50 %.1f ms, p99 %.1f ms, at most %.1f ms",
                sorted[sorted.length / 2] / 1e6,
                sorted[(int) (sorted.length * 0.99)] / 1e6,
                sorted[sorted.length - 1] / 1e6);
    }

    /** Asks something, on the caller's behalf. */
    private interface Question {
        CompletionStage<?> ask();
    }

    private static String p50p95(Question question) {
        return p50p95(REPEATS, question);
    }

    private static String p50p95(int repeats, Question question) {
        long[] nanos = new long[repeats];
        for (int i = 0; i < repeats; i++) {
            long begin = System.nanoTime();
            question.ask().toCompletableFuture().join();
            nanos[i] = System.nanoTime() - begin;
        }
        Arrays.sort(nanos);
        return String.format("p50 %.1f ms, p95 %.1f ms", nanos[repeats / 2] / 1e6, nanos[(int) (repeats * 0.95)] / 1e6);
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    @SuppressWarnings("AnnotateFormatMethod")
    private static void print(String what, String format, Object... values) {
        System.out.printf("%-32s %s%n", what, String.format(format, values));
    }
}
