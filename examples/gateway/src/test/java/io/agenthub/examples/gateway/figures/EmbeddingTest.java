package io.agenthub.examples.gateway.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.tck.Await;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hub with its gateway is opened, used and closed again and again in one JVM, and leaves nothing. {@code
 * -Dfigures.embeddings=1000} is the full size, 50 the usual one.
 */
@EnabledOnOs(OS.LINUX)
class EmbeddingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    @Test
    @Timeout(3_600)
    void aThousandLivesLeaveNothing() {
        int lives = Figure.size("embeddings", 50);
        Runnable life = new EmbeddedLife(folder);
        for (int i = 0; i < 10; i++) {
            life.run();
        }
        settle();
        Set<Thread> threads = Thread.getAllStackTraces().keySet();
        int descriptors = Proc.descriptors();
        long buffers = settledDirectBytes();
        for (int i = 0; i < lives; i++) {
            life.run();
        }
        Await.until(PATIENCE, "all threads have ended", () -> added(threads).isEmpty());
        Await.until(PATIENCE, "all descriptors are closed", () -> Proc.descriptors() <= descriptors);
        settle();
        Await.until(PATIENCE, "direct memory is free again", () -> collectedDirectBytes() <= buffers);
        new Figure("embedding")
                .with("%d hubs opened, used and closed", lives)
                .with("threads %+d", added(threads).size())
                .with("descriptors %+d", Proc.descriptors() - descriptors)
                .with("direct memory %+d bytes", directBytes() - buffers)
                .with("zombies %d", Proc.zombies())
                .print();
        assertEquals(Set.of(), added(threads));
        assertEquals(0, Proc.zombies());
        assertTrue(directBytes() <= buffers, () -> "direct memory grew by " + (directBytes() - buffers));
    }

    @Test
    @Timeout(120)
    void theClassLoaderOfAClosedHubCanGo() throws Exception {
        // In a JVM without the agents of the tests, which remember classes.
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 19) {
            // The JDK itself keeps the type of a record's component that was compared, from 19 on by a soft reference.
            // Let
            // memory be short, so that soft references are cleared.
            command.add("-XX:SoftRefLRUPolicyMSPerMB=0");
        }
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), DiscardedLife.class.getName(), folder.toString()));
        Path output = folder.resolve("output");
        Process program = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int code = program.waitFor();
        assertEquals(0, code, Files.readString(output));
    }

    /** Threads that were not there before, but for those of the JDK itself, which come and go for every child process. */
    private static Set<String> added(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread) && !thread.getName().equals("process reaper"))
                .map(Thread::getName)
                .collect(Collectors.toSet());
    }

    private static void settle() {
        System.gc();
        Await.until(
                PATIENCE,
                "no thread of a hub lives",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("agenthub")));
    }

    /** What is left when collections free nothing more: what one collection finds, a cleaner may free after the next. */
    private static long settledDirectBytes() {
        long left = collectedDirectBytes();
        for (int unchanged = 0; unchanged < 5; ) {
            long now = collectedDirectBytes();
            unchanged = now < left ? 0 : unchanged + 1;
            left = now;
        }
        return left;
    }

    private static long collectedDirectBytes() {
        System.gc();
        return directBytes();
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
