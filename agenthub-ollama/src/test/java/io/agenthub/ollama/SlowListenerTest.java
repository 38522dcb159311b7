package io.agenthub.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.ollama.fake.FakeAnswer;
import io.agenthub.ollama.fake.FakeModel;
import io.agenthub.tck.Await;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Listeners that take their time, and the server that must wait for them. */
class SlowListenerTest extends OllamaTest {
    private static final ModelRequest REQUEST = ask("why?").build();

    @Test
    void aListenerThatStopsJustAfterItCaughtUpHoldsTheServerBack() {
        String small = line("x", false).repeat(1_000);
        String large = line("x".repeat(16_000), false);
        List<byte[]> parts = new ArrayList<>(List.of(small.getBytes(StandardCharsets.UTF_8)));
        parts.addAll(Collections.nCopies(2_000, large.getBytes(StandardCharsets.UTF_8)));
        parts.add(line("", true).getBytes(StandardCharsets.UTF_8));
        byte[] wire = new FakeAnswer(200, "application/x-ndjson", true, parts).wire();
        AtomicInteger written = new AtomicInteger();
        ollama.spoil((answer, socket, stopped) -> {
            write(wire, socket, written);
            return true;
        });
        lendLoopThatMayBlock();
        CatchingUp script = new CatchingUp(() -> written.get() > 40_000);
        OllamaClient client =
                opened(builder().maxAnswerBytes(64 << 20).executor(script).build());

        CompletionStage<Answer> call = client.chat(REQUEST, script);
        Await.until("the loop is in the middle of what it has read", script::isPaused);
        script.catchUp();
        int stalled = stalledAt(written);

        assertTrue(stalled < 24 << 20, "the server has written " + stalled + " bytes to a client that takes none");
        script.goOn();
        Await.value(call);
        assertEquals(3_000, script.taken());
    }

    private void lendLoopThatMayBlock() {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                1,
                task -> {
                    Thread thread = new Thread(task, "loop-that-may-block");
                    thread.setDaemon(true);
                    return thread;
                },
                NioIoHandler.newFactory());
        opened(() -> group.shutdownGracefully(0, 5, TimeUnit.SECONDS));
        context.share(EventLoopGroup.class, group);
    }

    private static String line(String words, boolean done) {
        return "{\"response\":\"" + words + "\",\"done\":" + done + ",\"eval_duration\":1234567890}\n";
    }

    private static void write(byte[] wire, Socket socket, AtomicInteger written) throws IOException {
        for (int at = 0; at < wire.length; at += 4_096) {
            socket.getOutputStream().write(wire, at, Math.min(4_096, wire.length - at));
            written.set(at);
        }
    }

    /**
     * An executor and a listener that catches up with the event loop from another thread while the loop is in the middle of what
     * it has read, and then stops.
     */
    private static final class CatchingUp implements Executor, StreamListener<Piece> {
        private static final int QUEUED = 70;
        private static final int LEFT = 5;

        private final BooleanSupplier fed;
        private final CompletableFuture<Void> first = new CompletableFuture<>();
        private final CompletableFuture<Void> stop = new CompletableFuture<>();
        private final AtomicInteger wakes = new AtomicInteger();
        private final AtomicInteger taken = new AtomicInteger();
        private volatile boolean paused;
        private volatile boolean caughtUp;

        CatchingUp(BooleanSupplier fed) {
            this.fed = fed;
        }

        @Override
        public void execute(Runnable drain) {
            drain.run();
            int wake = wakes.incrementAndGet();
            if (wake == 1) {
                Await.until("the loop has much to read", fed);
            } else if (wake == QUEUED) {
                paused = true;
                Await.until("the listener has caught up", () -> caughtUp);
            }
        }

        @Override
        public CompletionStage<Void> next(Piece piece) {
            int number = taken.incrementAndGet();
            return number == 1 ? first : number == QUEUED - LEFT ? stop : CompletableFuture.completedFuture(null);
        }

        boolean isPaused() {
            return paused;
        }

        void catchUp() {
            first.complete(null);
            caughtUp = true;
        }

        void goOn() {
            stop.complete(null);
        }

        int taken() {
            return taken.get();
        }
    }

    @Test
    void aSlowListenerHoldsTheServerBackAndMissesNothing() {
        String[] pieces = new String[2_000];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = i + "," + "x".repeat(8_000);
        }
        ollama.model(MODEL, FakeModel.saying(pieces));
        AtomicInteger written = new AtomicInteger();
        ollama.spoil((answer, socket, stopped) -> {
            write(answer.wire(), socket, written);
            return true;
        });
        AtomicReference<CompletableFuture<Void>> gate = new AtomicReference<>(new CompletableFuture<>());
        List<String> seen = new ArrayList<>();
        OllamaClient client = opened(builder().maxAnswerBytes(64 << 20).build());

        CompletionStage<Answer> call = client.chat(REQUEST, piece -> {
            seen.add(piece.text());
            return gate.get();
        });
        Await.until("the server has begun", () -> written.get() > 0);
        int stalled = stalledAt(written);

        assertTrue(stalled < 14 << 20, "the server has written " + stalled + " bytes to a client that takes none");
        CompletableFuture<Void> first = gate.getAndSet(CompletableFuture.completedFuture(null));
        first.complete(null);
        Await.value(call);
        assertEquals(List.of(pieces), seen);
    }

    /** Where a counter stands once it has not moved for a while. */
    private static int stalledAt(AtomicInteger counter) {
        AtomicInteger last = new AtomicInteger(-1);
        AtomicInteger same = new AtomicInteger();
        Await.until("it stalls", () -> {
            boolean moved = counter.get() != last.getAndSet(counter.get());
            return (moved ? same.getAndSet(0) : same.incrementAndGet()) > 1_000;
        });
        return last.get();
    }
}
