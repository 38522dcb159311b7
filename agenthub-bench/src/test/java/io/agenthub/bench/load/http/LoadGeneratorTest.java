package io.agenthub.bench.load.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoadGeneratorTest {
    private static final Duration SHORT = Duration.ofMillis(300);

    private final LoadGenerator generator = new LoadGenerator();

    @AfterEach
    void close() {
        generator.close();
    }

    private static ScriptedServer.Answer echo(String body) {
        return ScriptedServer.Answer.at(Duration.ZERO, ScriptedServer.echo(body));
    }

    private LoadSession connect(ScriptedServer server, int connections) {
        return generator.connect(server.port(), CallTemplate.echo(server.route(), 64), connections);
    }

    @Test
    void aClosedLoopCountsEveryCallAndItsLatency() throws IOException {
        try (ScriptedServer server = new ScriptedServer((call, body) -> echo(body));
                LoadSession session = connect(server, 4)) {
            LoadResult result = session.closedLoop(SHORT);

            assertEquals(result.sent(), result.answered());
            assertEquals(0, result.errors() + result.mismatches());
            assertEquals(result.answered(), result.latency().getTotalCount());
            assertTrue(result.answered() >= 4, "each connection called");
            assertEquals(result.inTime() / 0.3, result.rate(), 1e-6);
        }
    }

    @Test
    void wrongAnswersAreMismatchesAndOtherStatusesAreErrors() throws IOException {
        ScriptedServer.Script script = (call, body) -> switch (call) {
            case 0 ->
                ScriptedServer.Answer.at(
                        Duration.ZERO, ScriptedServer.echo(body).replace("\"id\":1", "\"id\":2"));
            case 1 ->
                ScriptedServer.Answer.at(
                        Duration.ZERO, ScriptedServer.echo(body).replace("abc", "abd"));
            case 2 -> new ScriptedServer.Answer(503, ScriptedServer.echo(body), Duration.ZERO);
            default -> echo(body);
        };
        try (ScriptedServer server = new ScriptedServer(script);
                LoadSession session = connect(server, 1)) {
            LoadResult otherId = session.burst();
            LoadResult otherText = session.burst();
            LoadResult busy = session.burst();
            LoadResult right = session.burst();

            assertEquals(List.of(1L, 0L, 0L), faults(otherId));
            assertEquals(List.of(1L, 0L, 0L), faults(otherText));
            assertEquals(List.of(0L, 1L, 0L), faults(busy));
            assertEquals(List.of(0L, 0L, 1L), faults(right));
        }
    }

    private static List<Long> faults(LoadResult result) {
        return List.of(result.mismatches(), result.errors(), result.answered());
    }

    @Test
    void anOpenLoopSendsWhatIsDueWhateverTheAnswersDo() throws IOException {
        try (ScriptedServer server = new ScriptedServer((call, body) -> echo(body));
                LoadSession session = connect(server, 8)) {
            LoadResult result = session.openLoop(200, Duration.ofMillis(500));

            assertEquals(100, result.sent());
            assertEquals(100, result.answered());
        }
    }

    @Test
    void anOpenLoopSeesAStallInEveryCallThatFellDueDuringIt() throws IOException {
        Duration stall = Duration.ofMillis(400);
        ScriptedServer.Script script =
                (call, body) -> ScriptedServer.Answer.at(call == 0 ? stall : Duration.ZERO, ScriptedServer.echo(body));
        try (ScriptedServer server = new ScriptedServer(script);
                LoadSession session = connect(server, 1)) {
            // 40 calls fall due while the only connection waits: they are late by 400, 390, ... 10 ms.
            LoadResult result = session.openLoop(100, Duration.ofMillis(500));

            assertEquals(50, result.answered());
            assertTrue(result.millis(100) >= 400, "the first one waited: " + result.millis(100));
            assertTrue(result.millis(50) >= 100, "and so did half of the others: " + result.millis(50));
        }
    }

    @Test
    void aBurstIsOneCallOnEachConnection() throws IOException {
        Duration held = Duration.ofMillis(100);
        try (ScriptedServer server =
                        new ScriptedServer((call, body) -> ScriptedServer.Answer.at(held, ScriptedServer.echo(body)));
                LoadSession session = connect(server, 10)) {
            LoadResult result = session.burst();

            assertEquals(10, result.answered());
            assertTrue(result.millis(0) >= 100, "none before its time: " + result.millis(0));
        }
    }

    @Test
    void callsOfDifferentKindsAreSharedOutOverTheConnections() throws IOException {
        try (ScriptedServer server = new ScriptedServer((call, body) -> echo(body))) {
            List<CallTemplate> templates =
                    List.of(CallTemplate.echo(server.route(), 64), CallTemplate.echo(server.route(), 640));
            try (LoadSession session = generator.connect(server.port(), templates, 4)) {
                LoadResult result = session.burst();

                assertEquals(4, result.answered());
                assertEquals(0, result.mismatches());
            }
        }
    }

    @Test
    void connectionsThatBreakEndTheRunWithErrors() throws IOException {
        CountDownLatch arrived = new CountDownLatch(3);
        ScriptedServer server = new ScriptedServer((call, body) -> {
            arrived.countDown();
            return ScriptedServer.Answer.at(Duration.ofMinutes(1), "never");
        });
        try (LoadSession session = connect(server, 3)) {
            // Once all are under way: a connection that is gone before its call ends the run at once.
            Thread closer = new Thread(() -> {
                try {
                    if (arrived.await(10, TimeUnit.SECONDS)) {
                        server.close();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            closer.start();
            LoadResult result = session.burst();

            assertEquals(3, result.errors());
            assertEquals(0, result.answered());
        }
    }
}
