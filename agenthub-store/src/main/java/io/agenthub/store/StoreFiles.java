package io.agenthub.store;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import io.agenthub.api.activity.ActivityStoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one store, which belong to this user and this process alone: the database {@code f}, its companions {@code
 * f-wal} and {@code f-shm}, the lock {@code f.lock}, the key {@code f.key} and the heads. Confined to the writer thread.
 */
final class StoreFiles {
    private static final Logger LOG = LoggerFactory.getLogger(StoreFiles.class);
    private static final Set<PosixFilePermission> MINE = PosixFilePermissions.fromString("rw-------");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

    private final Path file;
    private final Path heads;
    private @Nullable FileChannel lockChannel;

    StoreFiles(Path file, Path heads) {
        this.file = file.toAbsolutePath().normalize();
        this.heads = heads.toAbsolutePath().normalize();
    }

    Path file() {
        return file;
    }

    /** Takes possession: makes folder and file, checks whose they are, and locks; {@link #protect} follows once they are known to be ours. */
    void acquire() {
        try {
            Path folder = folder();
            UserPrincipal me = checkFolder(folder);
            for (Path path : all()) {
                check(path, me);
            }
            lock();
            if (Files.notExists(file)) {
                Files.createFile(file, mine(folder));
            }
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private Path folder() throws IOException {
        Path folder = file.getParent();
        if (folder == null) {
            throw new IOException("it has no folder");
        }
        if (Files.notExists(folder)) {
            FileAttribute<?>[] mine = isPosix(folder)
                    ? new FileAttribute<?>[] {
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                    }
                    : new FileAttribute<?>[0];
            Files.createDirectories(folder, mine);
        }
        return folder.toRealPath();
    }

    /** Returns who this process is: the owner of a file it makes. */
    private static UserPrincipal checkFolder(Path folder) throws IOException {
        if (isPosix(folder) && Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_WRITE)) {
            throw ActivityStoreException.unusable(
                    "The folder " + folder
                            + " is writable for everybody; keep the activity store in one that only its user can write",
                    null);
        }
        Path probe = folder.resolve(".agenthub-" + ProcessHandle.current().pid() + "-" + System.nanoTime());
        Files.createFile(probe, mine(folder));
        try {
            return Files.getOwner(probe);
        } finally {
            Files.delete(probe);
        }
    }

    private static void check(Path path, UserPrincipal me) throws IOException {
        if (!Files.exists(path, NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isRegularFile(path, NOFOLLOW_LINKS)) {
            throw ActivityStoreException.unusable(path + " is not a plain file; links are not followed", null);
        }
        if (!Files.getOwner(path, NOFOLLOW_LINKS).equals(me)) {
            throw ActivityStoreException.unusable(
                    path + " belongs to " + Files.getOwner(path, NOFOLLOW_LINKS) + ", not to " + me, null);
        }
    }

    /** Sees to it that nobody else can read them. */
    void protect() {
        try {
            for (Path path : all()) {
                if (Files.exists(path, NOFOLLOW_LINKS)
                        && isPosix(path)
                        && !Files.getPosixFilePermissions(path, NOFOLLOW_LINKS).equals(MINE)) {
                    Files.setPosixFilePermissions(path, MINE);
                }
            }
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private List<Path> all() {
        return List.of(file, beside("-wal"), beside("-shm"), beside(".lock"), beside(".key"), heads);
    }

    private ActivityStoreException unusable(IOException cause) {
        return ActivityStoreException.unusable("The activity store " + file + " cannot be used: " + cause, cause);
    }

    private void lock() throws IOException {
        FileChannel channel = open(beside(".lock"), StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw inUse(channel);
            }
            channel.truncate(0);
            channel.write(StandardCharsets.US_ASCII.encode(
                    String.valueOf(ProcessHandle.current().pid())));
            lockChannel = channel;
        } catch (OverlappingFileLockException e) {
            throw inUse(channel);
        } finally {
            if (lockChannel == null) {
                channel.close();
            }
        }
    }

    private ActivityStoreException inUse(FileChannel channel) throws IOException {
        ByteBuffer pid = ByteBuffer.allocate(20);
        channel.read(pid, 0);
        String holder = StandardCharsets.US_ASCII.decode(pid.flip()).toString().replaceAll("\\D", "");
        return ActivityStoreException.unusable(
                "The activity store " + file + " is in use by another hub"
                        + (holder.isEmpty() ? "" : ", process " + holder) + "; each hub needs a file of its own",
                null);
    }

    private FileChannel open(Path path, OpenOption... options) throws IOException {
        if (Files.notExists(path, NOFOLLOW_LINKS)) {
            Files.createFile(path, mine(path));
        }
        OpenOption[] all = new OpenOption[options.length + 1];
        System.arraycopy(options, 0, all, 0, options.length);
        all[options.length] = NOFOLLOW_LINKS;
        return FileChannel.open(path, all);
    }

    /** The key that seals anchors, made at the first use. */
    byte[] key() throws IOException {
        Path path = beside(".key");
        if (Files.notExists(path, NOFOLLOW_LINKS)) {
            byte[] key = new byte[32];
            new SecureRandom().nextBytes(key);
            // There is a whole key or none: with half of one, nobody could open the record any more.
            Path unfinished = beside(".key.new");
            Files.deleteIfExists(unfinished);
            try (FileChannel channel = open(unfinished, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(key));
                channel.force(true);
            }
            Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
        }
        byte[] key = Files.readAllBytes(path);
        if (key.length != 32) {
            throw new IOException(path + " is not a key of 32 bytes");
        }
        return key;
    }

    /** Makes the heads' file, so that only this user can read it. */
    void makeHeads() throws IOException {
        if (Files.notExists(heads, NOFOLLOW_LINKS)) {
            Files.createFile(heads, mine(heads));
        }
    }

    /**
     * Renames database, companions and heads. Returns where the database is now.
     *
     * <p>The database goes first: without it nothing of the log is taken for its content, but without the log it would open as it was
     * earlier. Heads that cannot be renamed, as on a medium that only takes more, stay: they will be missed by whoever verifies.
     */
    Path setAside(Instant now) throws IOException {
        String suffix = ".damaged-" + STAMP.format(now);
        Path aside = beside(suffix);
        Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
        moveAway(beside("-wal"), suffix);
        moveAway(beside("-shm"), suffix);
        Files.createFile(file, mine(file));
        try {
            moveAway(heads, suffix);
            makeHeads();
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("heads", heads)
                    .addKeyValue("cause", e.toString())
                    .log(
                            "The heads of a damaged activity store cannot be put aside; until somebody does, they contradict the new one");
        }
        return aside;
    }

    private static void moveAway(Path path, String suffix) throws IOException {
        if (Files.exists(path, NOFOLLOW_LINKS)) {
            Files.move(path, path.resolveSibling(path.getFileName() + suffix), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    void release() throws IOException {
        FileChannel channel = lockChannel;
        lockChannel = null;
        if (channel != null) {
            channel.close();
        }
    }

    private Path beside(String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    /** What makes a new file this user's alone, where the file system knows such a thing. */
    static FileAttribute<?>[] mine(Path near) {
        return isPosix(near)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(MINE)}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
