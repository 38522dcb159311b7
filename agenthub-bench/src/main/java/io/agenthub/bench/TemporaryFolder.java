package io.agenthub.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A new folder that goes when it is closed, with everything in it. */
public final class TemporaryFolder implements AutoCloseable {
    private final Path path;

    /**
     * Makes one where the system keeps what is temporary.
     *
     * @throws IOException if there can be none
     */
    public TemporaryFolder() throws IOException {
        path = Files.createTempDirectory("agenthub-bench");
    }

    /**
     * Where it is.
     *
     * @return an absolute path
     */
    public Path path() {
        return path;
    }

    /**
     * Deletes it.
     *
     * @throws IOException if something in it cannot be deleted
     */
    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
