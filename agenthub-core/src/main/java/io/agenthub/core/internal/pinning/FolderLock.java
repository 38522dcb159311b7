package io.agenthub.core.internal.pinning;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The right to change a file that several hubs share, in this JVM or in others. Blocks, for {@link #PATIENCE_MILLIS} at most: whoever
 * holds it needs milliseconds, unless it is stopped.
 */
final class FolderLock implements AutoCloseable {
    /*
     * What is locked is a file of its own, since the shared one is replaced. Its holder deletes it at last; so who gets a lock writes
     * a word that nobody else writes, and reads by the file's name whether that is still the file it locked.
     */
    private static final long PATIENCE_MILLIS = 5_000;
    private static final long PAUSE_MILLIS = 5;
    private static final Set<OpenOption> OPENING = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    /** A JVM may not lock a file twice. */
    private static final ReentrantLock IN_THIS_JVM = new ReentrantLock();

    private final Path path;
    private final FileChannel channel;

    private FolderLock(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static FolderLock of(Path file) throws IOException {
        Path path = file.resolveSibling(file.getFileName() + ".lock");
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        try {
            if (!IN_THIS_JVM.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new IOException("another hub of this process does not release " + path);
            }
            boolean held = false;
            try {
                while (System.nanoTime() - end < 0) {
                    FileChannel locked = tryLock(path);
                    if (locked != null) {
                        held = true;
                        return new FolderLock(path, locked);
                    }
                    TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                }
            } finally {
                if (!held) {
                    IN_THIS_JVM.unlock();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for " + path);
        }
        throw new IOException("another process does not release " + path);
    }

    private static @Nullable FileChannel tryLock(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path, OPENING, attributes(path));
        boolean held = false;
        try {
            // Not the bytes that are written and read: where locks are mandatory, they could not be.
            held = channel.tryLock(Long.MAX_VALUE - 1, 1, false) != null && isAt(path, channel);
            return held ? channel : null;
        } catch (OverlappingFileLockException e) {
            // By another copy of this class, in another class loader.
            return null;
        } finally {
            if (!held) {
                channel.close();
            }
        }
    }

    private static boolean isAt(Path path, FileChannel locked) throws IOException {
        String word = UUID.randomUUID().toString();
        locked.truncate(0);
        locked.write(ByteBuffer.wrap(word.getBytes(StandardCharsets.US_ASCII)), 0);
        try {
            return Files.readString(path, StandardCharsets.US_ASCII).equals(word);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static FileAttribute<?>[] attributes(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            // Before it is released, so that nobody finds a file here that is about to go.
            Files.deleteIfExists(path);
        } finally {
            IN_THIS_JVM.unlock();
        }
    }
}
