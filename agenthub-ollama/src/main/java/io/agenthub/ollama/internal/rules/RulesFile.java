package io.agenthub.ollama.internal.rules;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.api.Settings;
import io.agenthub.api.enhance.EnhancementRules;
import io.agenthub.api.rpc.JsonLimits;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.ollama.internal.http.HelperThread;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rules in a file, read again when it changes. Thread-safe. A change that cannot be used leaves the rules as they were, with the
 * problem said; until a first version could be used there are none, so that nothing is sent to a model against the file's will.
 */
public final class RulesFile {
    private static final Logger log = LoggerFactory.getLogger(RulesFile.class);
    private static final int MAX_BYTES = 1 << 20;

    private final Path file;

    /** The file's name without its folders, which are nobody's business in an answer. */
    private final String name;

    private final Scheduler scheduler;
    private final Duration interval;
    private final HelperThread reader = new HelperThread("agenthub-ollama-rules");
    private final Promise<Void> looked = new Promise<>(Runnable::run);
    private volatile EnhancementRules rules;
    private volatile boolean stopped;
    private volatile Scheduler.@Nullable Task next;

    // Confined to the reader.
    private @Nullable Stamp seen;
    private byte @Nullable [] content;
    private boolean settling;

    private record Stamp(
            FileTime modified, long size, @Nullable Object key) {}

    /**
     * Watches a file.
     *
     * @param file the file
     * @param scheduler decides when to look
     * @param interval how often to look
     */
    public RulesFile(Path file, Scheduler scheduler, Duration interval) {
        this.file = file;
        this.name = String.valueOf(file.getFileName());
        this.scheduler = scheduler;
        this.interval = interval;
        this.rules =
                new EnhancementRules(Optional.empty(), Map.of(), name, Optional.of("the rules have not been read yet"));
    }

    /** Looks at the file for the first time, and from then on again and again. */
    public void start() {
        if (stopped) {
            return;
        }
        try {
            reader.execute(this::look);
        } catch (RejectedExecutionException e) {
            looked.succeed();
        }
    }

    /** Looks no more. */
    public void stop() {
        stopped = true;
        Scheduler.Task task = next;
        if (task != null) {
            task.cancel();
        }
        reader.stop();
        looked.succeed();
    }

    /**
     * Tells when the file has been looked at for the first time.
     *
     * @return completes on the reading thread, whatever was found
     */
    public CompletionStage<Void> looked() {
        return looked;
    }

    /**
     * The rules in force.
     *
     * @return a snapshot
     */
    public EnhancementRules rules() {
        return rules;
    }

    private void look() {
        try {
            read();
        } catch (IOException | AgentHubException e) {
            problem(e);
        } finally {
            looked.succeed();
            if (!stopped) {
                next = scheduler.schedule(interval, this::start);
            }
        }
    }

    /**
     * Reads the file if it looks changed. Since two changes may bear the same time, it is read once more at the next look after
     * each change.
     */
    private void read() throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        Stamp stamp = new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        boolean changed = !stamp.equals(seen);
        if (!changed && !settling) {
            return;
        }
        seen = stamp;
        settling = changed;
        byte[] bytes = content();
        if (!Arrays.equals(bytes, content)) {
            content = bytes;
            rules = RulesReader.read(settings(bytes), name);
            log.atInfo()
                    .addKeyValue("file", file)
                    .addKeyValue("clients", rules.clients().size())
                    .log("Enhancement rules read");
        }
    }

    private byte[] content() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new ConfigurationException(name, "is longer than " + MAX_BYTES + " bytes");
            }
            return bytes;
        }
    }

    private Settings settings(byte[] bytes) {
        Object value = JsonText.of(bytes, JsonLimits.DOOR).toValue();
        if (!(value instanceof Map<?, ?> map)) {
            throw new ConfigurationException(name, "must be a JSON object");
        }
        Map<String, Object> members = new LinkedHashMap<>();
        map.forEach((name, member) -> members.put(String.valueOf(name), member));
        return Settings.of(name, members);
    }

    private void problem(Exception e) {
        String why = e instanceof AgentHubException ? String.valueOf(e.getMessage()) : name + ": " + ioProblem(e);
        if (e instanceof IOException) {
            // What it held before says nothing about what it will hold.
            seen = null;
            content = null;
        }
        if (!rules.problem().equals(Optional.of(why))) {
            rules = rules.withProblem(why);
            log.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("problem", why)
                    .log("Enhancement rules cannot be used; those before stay in force");
        }
    }

    /** The messages of the file system hold the whole path. */
    private static String ioProblem(Exception e) {
        if (e instanceof NoSuchFileException) {
            return "the file does not exist";
        }
        return e instanceof AccessDeniedException ? "the file may not be read" : "the file cannot be read";
    }
}
