package io.agenthub.store;

import io.agenthub.api.activity.ChainHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
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
    private static final int MAX_KNOWN = 100_000;

    private final @Nullable Path file;
    private long exported = -1;
    private @Nullable ChainHead latest;

    /** Exports to a file, or nowhere. */
    Heads(@Nullable Path file) {
        this.file = file;
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

    /** What was exported so far, the newest of it. A line that is none, such as half of one after a crash, is passed over. */
    List<ChainHead> known() {
        List<ChainHead> heads = new ArrayList<>();
        if (file == null || !Files.isReadable(file)) {
            return heads;
        }
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                add(line, heads);
            }
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("cause", e.toString()).log("The heads of the activity record cannot be read");
        }
        return heads.subList(Math.max(0, heads.size() - MAX_KNOWN), heads.size());
    }

    private static void add(String line, List<ChainHead> heads) {
        try {
            heads.add(ChainHead.parse(line));
        } catch (IllegalArgumentException e) {
            LOG.atDebug().log("A line among the heads of the activity record is not a head");
        }
    }
}
