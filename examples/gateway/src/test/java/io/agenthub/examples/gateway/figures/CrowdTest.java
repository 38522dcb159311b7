package io.agenthub.examples.gateway.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.hub.Hub;
import io.agenthub.api.server.ProcessPolicy;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.core.AgentHub;
import io.agenthub.core.HubBuilder;
import io.agenthub.core.HubResources;
import io.agenthub.gateway.Gateway;
import io.agenthub.gateway.GatewayConfig;
import io.agenthub.tck.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * 200 clients with sessions and 200 without, at once, over two servers of each era, through the gateway's socket: each hears its
 * own answers and is asked its own questions, no server has more processes than it may, and none outlives the clients for long.
 * {@code -Dfigures.crowd=500} makes it 500 of each.
 */
@Tag("figure")
@Tag("patient")
class CrowdTest {
    private static final Duration IDLE = Duration.ofSeconds(2);
    /** What each client calls. The questions take longest, so every other client asks to be asked. */
    private static final List<String> QUIET = List.of("echo", "report", "echo", "echo");

    private static final List<String> ASKED = List.of("report", "elicit", "sample", "echo");

    @TempDir
    Path folder;

    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicInteger right = new AtomicInteger();
    private final AtomicInteger questions = new AtomicInteger();
    private final AtomicInteger reports = new AtomicInteger();
    private final Map<String, Integer> most = new ConcurrentSkipListMap<>();

    private final Map<String, ProcessPolicy> servers = new TreeMap<>();
    private HubResources resources;
    private Hub hub;
    private Gateway gateway;
    private URI address;
    private ScheduledExecutorService census;

    private ServerSpec server(String name, ProcessPolicy policy) {
        return ServerSpec.stdio(
                        name,
                        "perl",
                        folder.resolve("crowd.pl").toString(),
                        name.substring(0, name.indexOf('-')),
                        folder.resolve(name).toString())
                .process(policy)
                .idleStop(IDLE)
                .healthInterval(Duration.ZERO)
                .callTimeout(Duration.ofSeconds(60))
                .build();
    }

    private void open(int clients) {
        Stub.copy("crowd.pl", folder);
        resources = HubResources.create();
        HubBuilder builder = AgentHub.builder().resources(resources);
        servers.forEach((name, policy) -> builder.server(server(name, policy)));
        hub = builder.build();
        Await.value(hub.start());
        GatewayConfig config =
                GatewayConfig.builder().port(0).maxConnections(2 * clients + 16).build();
        gateway = Gateway.builder(hub, resources).config(config).build();
        address = URI.create("http://127.0.0.1:" + Await.value(gateway.start()).getPort());
        census = Executors.newSingleThreadScheduledExecutor();
        census.scheduleWithFixedDelay(this::count, 0, 20, TimeUnit.MILLISECONDS);
    }

    @AfterEach
    void close() {
        census.shutdownNow();
        gateway.close();
        hub.close();
        resources.close();
    }

    @Test
    @Timeout(300)
    void everybodyHearsWhatIsMeantForThemAndNoProcessIsLeft() throws Exception {
        int each = Figure.size("crowd", 200);
        List.of("legacy-1", "legacy-2", "modern-1", "modern-2")
                .forEach(name -> servers.put(name, ProcessPolicy.DEFAULT));
        open(2 * each);
        Duration took = everybody(each, each);
        Await.until("no process is left", () -> processes() == 0);

        new Figure("crowd")
                .with("%d sessions and %d callers without one, at once, in %.1f s", each, each, took.toMillis() / 1e3)
                .target(wrong.isEmpty(), "%d of %d calls answered right", right.get(), 2 * each * QUIET.size())
                .with("%d of them with a question", questions.get())
                .target(reports.get() == 4 * each, "%d of %d reports of progress heard", reports.get(), 4 * each)
                .with("most processes at once %s", most)
                .print();
        assertEquals(List.of(), wrong.stream().limit(10).toList());
        assertEquals(2 * each * QUIET.size(), right.get());
        assertEquals(4 * each, reports.get(), "reports of progress");
        isWithinTheCaps();
    }

    @Test
    @Timeout(300)
    void sessionsMayHaveProcessesOfTheirOwnOrShareAFew() throws Exception {
        servers.put("legacy-own", new ProcessPolicy(ProcessPolicy.Mode.SESSION, 12));
        servers.put("legacy-few", new ProcessPolicy(ProcessPolicy.Mode.POOL, 3));
        open(24);
        everybody(24, 0);

        Await.until("the processes of sessions end with them", () -> processes("legacy-own") <= 1);
        Await.until("no process is left", () -> processes() == 0);
        assertEquals(List.of(), wrong.stream().limit(10).toList());
        assertEquals(24 * QUIET.size(), right.get());
        assertEquals(13, most.get("legacy-own"), "one for each session, and the one that all share");
        isWithinTheCaps();
    }

    private Duration everybody(int sessions, int callers) throws InterruptedException {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        CyclicBarrier everybody = new CyclicBarrier(sessions + callers);
        List<String> names = List.copyOf(servers.keySet());
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < Math.max(sessions, callers); i++) {
            URI endpoint = address.resolve("/mcp/" + names.get(i % names.size()));
            List<String> calls = i / names.size() % 2 == 0 ? QUIET : ASKED;
            if (i < sessions) {
                CrowdMember legacy = CrowdMember.legacy(http, endpoint, "legacy-client-" + i);
                clients.add(new Thread(() -> live(legacy, calls, everybody), legacy.nonce));
            }
            if (i < callers) {
                CrowdMember modern = CrowdMember.modern(http, endpoint, "modern-client-" + i);
                clients.add(new Thread(() -> live(modern, calls, everybody), modern.nonce));
            }
        }
        long begun = System.nanoTime();
        clients.forEach(Thread::start);
        for (Thread client : clients) {
            client.join();
        }
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** A server that asks has a process for each call that can be asked, or as its policy says; any other has one for all. */
    private void isWithinTheCaps() {
        servers.forEach((server, policy) -> {
            int cap = server.startsWith("legacy") ? 1 + policy.max() : 1;
            assertTrue(most.get(server) <= cap, server + " had " + most.get(server) + " processes");
        });
    }

    private void live(CrowdMember member, List<String> calls, CyclicBarrier everybody) {
        try {
            member.join();
            everybody.await(60, TimeUnit.SECONDS);
            for (int i = 0; i < calls.size(); i++) {
                String tool = calls.get(i);
                String message = member.nonce + "-call-" + i;
                String expected = tool.matches("echo|report") ? message : message + "/re " + message;
                String heard = member.call(tool, message);
                if (heard.equals(expected)) {
                    right.incrementAndGet();
                } else {
                    wrong.add(member.nonce + " expected " + expected + " and heard " + heard);
                }
                if (!expected.equals(message)) {
                    questions.incrementAndGet();
                }
            }
            reports.addAndGet(member.reports());
            // Nobody leaves before all are served, so that there are as many sessions at once as there can be.
            everybody.await(120, TimeUnit.SECONDS);
            member.leave();
        } catch (Exception e) {
            wrong.add(member.nonce + ": " + e);
        }
    }

    private void count() {
        servers.keySet().forEach(server -> most.merge(server, processes(server), Math::max));
    }

    private int processes() {
        return servers.keySet().stream().mapToInt(this::processes).sum();
    }

    private int processes(String server) {
        Path pids = folder.resolve(server);
        try {
            return Files.exists(pids)
                    ? (int) Files.readAllLines(pids).stream()
                            .filter(pid -> Proc.alive(Long.parseLong(pid)))
                            .count()
                    : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
