package io.agenthub.ollama.internal.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.enhance.EnhancementRule;
import io.agenthub.tck.Await;
import io.agenthub.tck.ManualScheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulesFileTest {
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    @TempDir
    Path folder;

    private final ManualScheduler time = new ManualScheduler();
    private Path file;
    private RulesFile rules;

    @BeforeEach
    void watch() {
        file = folder.resolve("enhancement-rules.json");
        rules = new RulesFile(file, time, INTERVAL);
    }

    @AfterEach
    void stop() {
        rules.stop();
    }

    private void write(String json) throws IOException {
        Files.writeString(file, json.replace('\'', '"'));
    }

    private void firstLook() {
        rules.start();
        Await.value(rules.looked());
    }

    /** Lets the file be looked at once more; the next look is scheduled after it is done. */
    private void look() {
        Await.until("a look is due", () -> time.pending() == 1);
        time.advance(INTERVAL);
        Await.until("the file was looked at", () -> time.pending() == 1);
    }

    private String model() {
        return rules.rules().defaultRule().map(EnhancementRule::model).orElse("none");
    }

    private String problem() {
        return rules.rules().problem().orElse("");
    }

    @Test
    void rulesAreReadAtTheFirstLookAndAgainWhenTheFileChanges() throws IOException {
        write("{'default': {'model': 'one'}}");
        firstLook();
        assertEquals("one", model());
        assertEquals("", problem());

        write("{'default': {'model': 'two!'}}");
        look();

        assertEquals("two!", model());
    }

    @Test
    void aChangeThatLeavesSizeAndTimeAsTheyWereIsSeenOneLookLater() throws IOException {
        FileTime then = FileTime.fromMillis(1_700_000_000_000L);
        write("{'default': {'model': 'one'}}");
        Files.setLastModifiedTime(file, then);
        firstLook();
        write("{'default': {'model': 'two'}}");
        Files.setLastModifiedTime(file, then);

        look();

        assertEquals("two", model());
    }

    @Test
    void aFileReplacedByRenamingIsSeen() throws IOException {
        write("{'default': {'model': 'one'}}");
        firstLook();
        look();
        Path other = folder.resolve("other.json");
        Files.writeString(other, "{\"default\": {\"model\": \"two\"}}");
        Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

        look();

        assertEquals("two", model());
    }

    @Test
    void aBrokenFileKeepsTheOldRulesAndSaysWhyUntilItIsRepaired() throws IOException {
        write("{'default': {'model': 'one'}}");
        firstLook();

        write("{'default': {'model': 'two'}");
        look();
        assertEquals("one", model());
        assertTrue(!problem().isEmpty());

        write("{'default': {'modell': 'two'}}");
        look();
        assertEquals("one", model());
        assertTrue(problem().contains("modell"), problem());

        write("[1]");
        look();
        assertTrue(problem().contains("object"), problem());

        write("{'default': {'model': 'three'}}");
        look();
        assertEquals("three", model());
        assertEquals("", problem());
    }

    @Test
    void withoutAFileThereAreNoRulesUntilItComes() throws IOException {
        firstLook();
        assertEquals(Optional.empty(), rules.rules().defaultRule());
        assertTrue(problem().contains("does not exist"), problem());

        write("{'default': {'model': 'one'}}");
        look();

        assertEquals("one", model());
        assertEquals("", problem());
    }

    @Test
    void aFileThatGoesAwayLeavesItsRulesInForceAndComesBackTheSame() throws IOException {
        write("{'default': {'model': 'one'}}");
        firstLook();
        Files.delete(file);
        look();
        assertEquals("one", model());
        assertTrue(problem().contains("does not exist"), problem());

        write("{'default': {'model': 'one'}}");
        look();

        assertEquals("", problem());
    }

    @Test
    void aFileThatIsTooLongIsNotRead() throws IOException {
        write(" ".repeat((1 << 20) + 1));
        firstLook();

        assertTrue(problem().contains("longer than"), problem());
    }

    @Test
    void stoppedItLooksNoMore() throws IOException {
        write("{}");
        firstLook();
        Await.until("a look is due", () -> time.pending() == 1);

        rules.stop();

        assertEquals(0, time.pending());
        rules.start();
        assertEquals(0, time.pending());
    }
}
