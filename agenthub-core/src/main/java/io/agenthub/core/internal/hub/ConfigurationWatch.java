package io.agenthub.core.internal.hub;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Scheduler;
import io.agenthub.api.hub.HubConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a configuration file again when it changes. A file that cannot be used changes nothing; what is wrong with it is kept
 * until it is repaired. Of one that can be used the servers are taken over; all else waits for the next start, which is said once.
 *
 * <p>The scheduler says when to look; looking happens on the blocking executor, one look at a time.
 */
public final class ConfigurationWatch {
    /*
     * Looking at the file's attributes every second costs nothing, sees editors that replace the file by a rename, and works on
     * every file system; notification services fail on one of these or the other.
     */
    private static final Logger log = LoggerFactory.getLogger(ConfigurationWatch.class);

    private final Path file;
    private final HubConfig atStart;
    private final Supplier<HubConfig> reader;
    private final Duration interval;
    private final Scheduler scheduler;
    private final Executor blocking;
    private volatile @Nullable ConfigurationException problem;
    private volatile boolean ended;
    private volatile Scheduler.Task next = () -> {};
    private Stamp seen;
    private HubConfig latest;

    /**
     * Creates a watch that does not look yet.
     *
     * @param file the file, as it was read for the running configuration
     * @param atStart what was read then
     * @param reader reads it, and refuses what could not be started with; may block
     * @param interval how often to look
     * @param scheduler says when
     * @param blocking runs what may block
     */
    public ConfigurationWatch(
            Path file,
            HubConfig atStart,
            Supplier<HubConfig> reader,
            Duration interval,
            Scheduler scheduler,
            Executor blocking) {
        this.file = file;
        this.atStart = atStart;
        this.latest = atStart;
        this.reader = reader;
        this.interval = interval;
        this.scheduler = scheduler;
        this.blocking = blocking;
        this.seen = Stamp.of(file);
    }

    void begin(Function<HubConfig, CompletionStage<Void>> apply) {
        next = scheduler.schedule(interval, () -> blocking.execute(() -> look(apply)));
        if (ended) {
            next.cancel();
        }
    }

    void end() {
        ended = true;
        next.cancel();
    }

    /** What is wrong with the file as it is now, if the running configuration is an older one for that. */
    Optional<ConfigurationException> problem() {
        return Optional.ofNullable(problem);
    }

    private void look(Function<HubConfig, CompletionStage<Void>> apply) {
        Stamp now = Stamp.of(file);
        if (ended) {
            return;
        }
        if (now.equals(seen)) {
            begin(apply);
            return;
        }
        seen = now;
        HubConfig config;
        try {
            config = reader.get();
        } catch (ConfigurationException e) {
            refused(e);
            begin(apply);
            return;
        } catch (RuntimeException | Error e) {
            // Of a provider or another reader; whatever it is, the next change is to be seen.
            refused(new ConfigurationException(
                    String.valueOf(file.getFileName()),
                    "a part that reads it failed: " + e.getClass().getName(),
                    e));
            begin(apply);
            return;
        }
        apply.apply(config).whenComplete((nothing, failure) -> {
            if (failure == null) {
                problem = null;
                inForce(config);
            } else if (cause(failure) instanceof ConfigurationException e) {
                refused(e);
            }
            begin(apply);
        });
    }

    private void inForce(HubConfig config) {
        List<String> waiting = LastingOptions.differing(atStart, config);
        boolean told = LastingOptions.differing(latest, config).isEmpty();
        latest = config;
        log.atInfo()
                .addKeyValue("file", file.getFileName())
                .log(
                        waiting.isEmpty()
                                ? "The changed configuration is in force"
                                : "The servers of the changed configuration are in force");
        if (!waiting.isEmpty() && !told) {
            log.atWarn()
                    .addKeyValue("file", file.getFileName())
                    .log("Of the changed configuration needs a restart: " + String.join(", ", waiting));
        }
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private void refused(ConfigurationException e) {
        problem = e;
        log.atError()
                .addKeyValue("file", file.getFileName())
                .setCause(e.getCause())
                .log("The changed configuration cannot be used, the old one stays: " + e.getMessage());
    }

    /** What tells one state of the file from another. */
    private record Stamp(
            long modifiedMillis, long size, @Nullable Object key) {
        static Stamp of(Path file) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(attributes.lastModifiedTime().toMillis(), attributes.size(), attributes.fileKey());
            } catch (IOException e) {
                return new Stamp(0, -1, null);
            }
        }
    }
}
