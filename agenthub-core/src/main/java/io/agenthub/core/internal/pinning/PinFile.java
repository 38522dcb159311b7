package io.agenthub.core.internal.pinning;

import io.agenthub.api.Promise;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.server.ServerSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is pinned in one file, so that a change is seen although the hub was started anew meanwhile. Thread-safe.
 *
 * <p>The file is replaced whole, by one that only this user can read. One that cannot be understood is set aside, and all tools
 * are pinned as they are seen next. Servers that are not configured now stay in it, and so does what another hub with the same
 * folder wrote meanwhile. Without a disk to write to, pins live as long as the hub.
 */
public final class PinFile {
    /*
     * Changes only mark their server; one task at a time on the blocking executor writes until no server is marked. Each time it
     * reads the file as it is by then and changes the marked servers in it, while it holds the folder's lock.
     */
    private static final Logger log = LoggerFactory.getLogger(PinFile.class);
    private static final String FORMAT = "agenthub-tool-pins-1";

    private final Path file;
    private final Executor blocking;
    private final Map<String, SavedPins> saved = new TreeMap<>();
    private boolean usable = true;
    private final Set<String> stale = new TreeSet<>();
    private boolean writing;
    private Promise<Void> written = Promise.done();

    /**
     * Knows nothing before {@link #load}.
     *
     * @param folder where the file lies; exists
     * @param blocking runs what may block
     */
    public PinFile(Path folder, Executor blocking) {
        this.file = folder.resolve("tool-pins.json");
        this.blocking = blocking;
    }

    /**
     * Reads the file, if there is one.
     *
     * @return completes when that is done; never fails
     */
    public CompletionStage<Void> load() {
        Promise<Void> loaded = new Promise<>(Runnable::run);
        blocking.execute(() -> {
            try {
                read();
            } finally {
                loaded.succeed();
            }
        });
        return loaded;
    }

    private void read() {
        try {
            Map<String, SavedPins> present = present();
            if (present != null) {
                remember(present);
            }
        } catch (IOException e) {
            giveUp("The pinned tools cannot be read; they are pinned anew, and not kept", e);
        }
    }

    private synchronized void remember(Map<String, SavedPins> present) {
        saved.putAll(present);
    }

    /** What the file holds; null if there is none, or none that can be understood. */
    private @Nullable Map<String, SavedPins> present() throws IOException {
        try {
            return understood(JsonText.of(Files.readString(file)));
        } catch (NoSuchFileException e) {
            return null;
        } catch (MalformedMessageException | CharacterCodingException e) {
            setAside(e);
            return null;
        }
    }

    private static Map<String, SavedPins> understood(JsonText json) {
        if (json.member("format")
                .flatMap(JsonText::string)
                .filter(FORMAT::equals)
                .isEmpty()) {
            throw new MalformedMessageException(MalformedMessageException.INVALID_REQUEST, "not of format " + FORMAT);
        }
        Map<String, SavedPins> servers = new TreeMap<>();
        json.member("servers")
                .map(JsonText::members)
                .orElse(Map.of())
                .forEach((name, pins) -> SavedPins.read(pins).ifPresent(read -> servers.put(name, read)));
        return servers;
    }

    private void setAside(Exception why) {
        Path aside = file.resolveSibling("tool-pins.json.bad");
        try {
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            log.atWarn()
                    .addKeyValue("file", aside)
                    .log("The pinned tools cannot be understood and are set aside; all tools are pinned anew: "
                            + why.getMessage());
        } catch (IOException e) {
            giveUp("The pinned tools can be neither understood nor set aside; they are pinned anew, and not kept", e);
        }
    }

    private void giveUp(String message, IOException e) {
        synchronized (this) {
            usable = false;
        }
        log.atWarn().addKeyValue("file", file).setCause(e).log(message);
    }

    /**
     * Holds a server's tools to what is known of them, and keeps what becomes known.
     *
     * @param spec the server. What is known of another one of its name, with another program or address, is forgotten
     * @param pins its tools, none of which were seen yet
     */
    public void keep(ServerSpec spec, ToolPins pins) {
        String of = identity(spec);
        SavedPins known;
        synchronized (this) {
            known = saved.get(spec.name());
        }
        if (known != null && known.of().equals(of)) {
            pins.restore(known);
        }
        pins.whenChanged(() -> changed(spec.name(), pins.save(of)));
    }

    /** What is run or reached; nothing of its secrets. */
    private static String identity(ServerSpec spec) {
        Map<String, Object> identity = new LinkedHashMap<>();
        identity.put("bridge", spec.bridge());
        for (String key : new String[] {"command", "args", "url"}) {
            Object value = spec.settings().asMap().get(key);
            if (value != null) {
                identity.put(key, value);
            }
        }
        return Definition.hash(JsonText.ofValue(identity).toString().getBytes(StandardCharsets.UTF_8));
    }

    private synchronized void changed(String server, SavedPins pins) {
        if (pins.tools().isEmpty()) {
            saved.remove(server);
        } else {
            saved.put(server, pins);
        }
        if (usable) {
            stale.add(server);
        }
        if (usable && !writing) {
            writing = true;
            written = new Promise<>(Runnable::run);
            try {
                blocking.execute(this::write);
            } catch (RejectedExecutionException e) {
                ended();
            }
        }
    }

    @SuppressWarnings("try") // Holding the lock is what it is for.
    private void write() {
        for (Set<String> changed = next(); !changed.isEmpty(); changed = next()) {
            try (FolderLock lock = FolderLock.of(file)) {
                Map<String, SavedPins> present = present();
                if (isUsable()) {
                    replace(bytes(merged(present, changed)));
                }
            } catch (IOException e) {
                log.atWarn().addKeyValue("file", file).setCause(e).log("The pinned tools cannot be written");
                failed(changed);
                return;
            }
        }
    }

    /** The servers to be written; none, and the end of writing, if none changed. */
    private synchronized Set<String> next() {
        Set<String> changed = new TreeSet<>(stale);
        stale.clear();
        if (changed.isEmpty()) {
            ended();
        }
        return changed;
    }

    /** They are written with the next change. */
    private synchronized void failed(Set<String> changed) {
        stale.addAll(changed);
        ended();
    }

    private synchronized boolean isUsable() {
        return usable;
    }

    /** What is to be written: the file as it is, and in it the servers that changed here. */
    private synchronized Map<String, SavedPins> merged(@Nullable Map<String, SavedPins> present, Set<String> changed) {
        if (present != null) {
            Set<String> ours = new TreeSet<>(changed);
            ours.addAll(stale);
            Map<String, SavedPins> others = new TreeMap<>(present);
            others.keySet().removeAll(ours);
            saved.keySet().retainAll(ours);
            saved.putAll(others);
        }
        return new TreeMap<>(saved);
    }

    private static byte[] bytes(Map<String, SavedPins> all) {
        Map<String, JsonText> servers = new LinkedHashMap<>();
        all.forEach((name, pins) -> servers.put(name, pins.json()));
        Map<String, JsonText> whole = new LinkedHashMap<>();
        whole.put("format", JsonText.quote(FORMAT));
        whole.put("servers", JsonText.object(servers));
        return JsonText.object(whole).toString().getBytes(StandardCharsets.UTF_8);
    }

    private synchronized void ended() {
        writing = false;
        written.succeed();
    }

    private void replace(byte[] bytes) throws IOException {
        // Only this user can read what is made so.
        Path fresh = Files.createTempFile(file.toAbsolutePath().getParent(), "tool-pins", ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /**
     * Waits for what is being written.
     *
     * @return completes when the file holds all that was pinned before, or cannot be written
     */
    public synchronized CompletionStage<Void> flush() {
        return written;
    }
}
