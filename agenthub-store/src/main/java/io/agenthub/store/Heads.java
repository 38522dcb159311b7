package io.agenthub.store;

import io.agenthub.api.activity.ChainHead;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Heads of the chain, exported one to a line: each 1,000 activities, each minute, and at the end. Reading is for any thread,
 * the rest is confined to the writer thread.
 */
final class Heads {
    private static final Logger LOG = LoggerFactory.getLogger(Heads.class);
    private static final long EVERY = 1_000;
    /** More are neither looked at nor kept. A line of one takes about 100 bytes. */
    private static final int MAX_KNOWN = 100_000;

    private static final long MAX_FILE_BYTES = 2L * 100 * MAX_KNOWN;

    private final @Nullable Path file;
    private final long maxFileBytes;
    private boolean takesMoreOnly;
    private long exported = -1;
    private @Nullable ChainHead latest;

    /** Exports to a file, or nowhere. */
    Heads(@Nullable Path file) {
        this(file, MAX_FILE_BYTES);
    }

    /** Exports to a file, half of which is given up when it is longer than that. */
    Heads(@Nullable Path file, long maxFileBytes) {
        this.file = file;
        this.maxFileBytes = maxFileBytes;
    }

    /** Another chain begins. */
    void forget() {
        exported = -1;
        latest = null;
    }

    void committed(long first, ChainHead head) {
        if (exported < 0) {
            exported = first - 1;
        }
        latest = head;
        if (head.sequence() - exported >= EVERY) {
            export();
        }
    }

    /** Exports what was not exported yet, if there is anything. */
    void export() {
        ChainHead head = latest;
        if (file == null || head == null || head.sequence() == exported) {
            return;
        }
        try {
            append(file, head + "\n");
            shorten(file);
            exported = head.sequence();
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("cause", e.toString()).log("A head of the activity record could not be exported");
            exported = head.sequence();
        }
        LOG.atDebug().addKeyValue("head", head).log("Head of the activity record");
    }

    private static void append(Path file, String line) throws IOException {
        try {
            Files.writeString(file, line, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            Path folder = file.toAbsolutePath().getParent();
            Files.createFile(file, StoreFiles.mine(folder == null ? file : folder));
            Files.writeString(file, line, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);
        }
    }

    /** Gives the oldest up, which are not looked at any more. A medium that only takes more keeps them all. */
    private void shorten(Path grown) throws IOException {
        if (takesMoreOnly || Files.size(grown) <= maxFileBytes) {
            return;
        }
        Path shorter = grown.resolveSibling(grown.getFileName() + ".new");
        try {
            Files.deleteIfExists(shorter);
            Files.createFile(shorter, StoreFiles.mine(shorter));
            Files.write(
                    shorter, newest(grown, (int) Math.min(MAX_KNOWN, maxFileBytes / 200)), StandardCharsets.ISO_8859_1);
            Files.move(shorter, grown, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            takesMoreOnly = true;
            Files.deleteIfExists(shorter);
            LOG.atInfo().addKeyValue("cause", e.toString()).log("The file of heads cannot be made shorter");
        }
    }

    /** The last lines of a file; bytes that are no text are taken for some letter, and make a line that is no head. */
    private static Collection<String> newest(Path file, int most) throws IOException {
        Deque<String> lines = new ArrayDeque<>();
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.addLast(line);
                if (lines.size() > most) {
                    lines.removeFirst();
                }
            }
        }
        return lines;
    }

    /** What was exported so far, the newest of it. A line that is none, such as half of one after a crash, is passed over. */
    List<ChainHead> known() {
        List<ChainHead> heads = new ArrayList<>();
        if (file == null || !Files.isReadable(file)) {
            return heads;
        }
        try {
            for (String line : newest(file, MAX_KNOWN)) {
                add(line, heads);
            }
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("cause", e.toString()).log("The heads of the activity record cannot be read");
        }
        return heads;
    }

    private static void add(String line, List<ChainHead> heads) {
        try {
            heads.add(ChainHead.parse(line));
        } catch (IllegalArgumentException e) {
            LOG.atDebug().log("A line among the heads of the activity record is not a head");
        }
    }
}
