package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.agenthub.api.ErrorKind;
import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.ActivityStoreException;
import io.agenthub.tck.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the store does on a disk that is full or cannot be written: a small file system of its own, where that may be mounted. */
@EnabledOnOs(OS.LINUX)
class SqliteDiskTest {
    private static final int MEBIBYTE = 1_024 * 1_024;

    @TempDir
    private Path folder;

    private Path disk;
    private StoreHarness harness;

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        disk = Files.createDirectory(folder.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=8m,mode=0700", "tmpfs", disk.toString()),
                "no file system may be mounted here");
        harness = new StoreHarness(disk);
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        if (harness != null) {
            harness.close();
            assertTrue(run("umount", disk.toString()), "nothing keeps the disk busy");
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    private ActivityStore openImpatient() {
        return harness.open(
                StoreOptions.builder().writeTimeout(Duration.ofMillis(100)).build());
    }

    @Test
    void aFullDiskCostsActivitiesAndNothingElseUntilThereIsRoomAgain() throws Exception {
        Path balloon = disk.resolve("balloon");
        Files.write(balloon, new byte[6 * MEBIBYTE]);
        ActivityStore store = openImpatient();
        StoreHarness.fill(store, 50);
        List<CompletionStage<Long>> stages = new ArrayList<>();
        long slowest = 0;
        // Where many found no room, the one that tells of their loss may still find some: the trouble is over for a
        // while.
        while (store.status().dropped() == 0 || store.status().problem().isEmpty()) {
            for (int i = 0; i < 100; i++) {
                long asked = System.nanoTime();
                stages.add(store.append(
                        StoreHarness.call().detail("Number " + stages.size()).build()));
                slowest = Math.max(slowest, System.nanoTime() - asked);
            }
            Await.outcome(Await.PATIENCE, stages.get(stages.size() - 1));
        }
        assertTrue(slowest < Duration.ofSeconds(2).toNanos(), "appending waits for no disk");
        assertFalse(StoreHarness.newest(store).isEmpty(), "what is there can still be read");
        Files.delete(balloon);
        Await.until("it is written again", () -> {
            store.append(StoreHarness.call().build());
            return store.status().problem().isEmpty()
                    && !StoreHarness.gaps(store).isEmpty();
        });
        stages.forEach(stage -> Await.outcome(Await.PATIENCE, stage));
        Activity gap = StoreHarness.gaps(store).get(0);
        assertTrue(gap.detail().orElse("").contains(" lost between "), gap.detail()::toString);
        assertTrue(StoreHarness.verify(store).intact());
        StoreHarness.close(store);
        try (Connection connection = harness.connect()) {
            assertEquals("ok", StoreHarness.first(connection, "PRAGMA integrity_check"));
        }
    }

    @Test
    void aDiskThatIsFullForAWhileIsWaitedFor() throws Exception {
        ActivityStore store = harness.open();
        StoreHarness.fill(store, 20);
        CompletionStage<Long> waiting;
        try (Connection kept = harness.connect()) {
            assertEquals("20", StoreHarness.first(kept, "SELECT sum(last - first + 1) FROM segment"));
            Files.write(disk.resolve("balloon"), new byte[5 * MEBIBYTE]);
            fillUp();
            waiting = store.append(StoreHarness.call().detail("x".repeat(1_000)).build());
            for (int i = 0; store.status().problem().isEmpty(); i++) {
                waiting = store.append(
                        StoreHarness.call().detail(i + "x".repeat(1_000)).build());
                Await.until(
                        "it is tried",
                        () -> store.status().queued() < 500
                                || store.status().problem().isPresent());
            }
        }
        Files.delete(disk.resolve("balloon"));
        Await.value(waiting);
        assertEquals(List.of(), StoreHarness.gaps(store), "nothing was given up");
        assertEquals(0, store.status().dropped());
        assertTrue(StoreHarness.verify(store).intact());
    }

    @Test
    void aStoreIsClosedInTimeThoughItsDiskStaysFull() throws Exception {
        ActivityStore store = harness.open();
        StoreHarness.fill(store, 20);
        List<CompletionStage<Long>> waiting = new ArrayList<>();
        try (Connection kept = harness.connect()) {
            assertEquals("20", StoreHarness.first(kept, "SELECT sum(last - first + 1) FROM segment"));
            fillUp();
            while (store.status().problem().isEmpty() && waiting.size() < 50_000) {
                waiting.add(store.append(
                        StoreHarness.call().detail("x".repeat(1_000)).build()));
            }
            Await.until("the disk is full", () -> store.status().problem().isPresent());
            // Closes the scheduler too: nothing may be left to a timer that never comes.
            harness.close();
        }
        waiting.forEach(stage -> Await.outcome(Await.PATIENCE, stage));
        StoreHarness.awaitNoThreads();
    }

    private void fillUp() throws IOException {
        try (var out = Files.newOutputStream(disk.resolve("rest"))) {
            while (true) {
                out.write(new byte[4_096]);
            }
        } catch (IOException e) {
            assertTrue(Files.exists(disk.resolve("rest")), e::toString);
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsRefusedByName() throws Exception {
        StoreHarness.close(harness.open());
        assertTrue(run("mount", "-o", "remount,ro", disk.toString()));
        try {
            ActivityStoreException refusal = Await.failure(
                    ActivityStoreException.class,
                    harness.create(SqliteOptions.of(harness.file)).open());
            assertEquals(ErrorKind.BAD_CONFIGURATION, refusal.kind());
            assertTrue(refusal.getMessage().contains(disk.toString()), refusal.getMessage());
        } finally {
            assertTrue(run("mount", "-o", "remount,rw", disk.toString()));
        }
        assertEquals(1, StoreHarness.append(harness.open(), StoreHarness.call().build()));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(disk)));
    }
}
