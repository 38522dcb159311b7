package io.agenthub.bench.load.proc;

import io.agenthub.bench.load.stub.StubServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How a stub server is started: from a folder with its own few classes, because a JVM that has to open the large benchmark jar
 * starts much later.
 *
 * @param java the JVM
 * @param classes the folder
 */
public record StubCommand(Path java, Path classes) {
    private static final List<String> FAST = List.of("-Xmx256m", "-Xmn128m");
    private static final List<String> SMALL = List.of("-Xmx16m", "-XX:TieredStopAtLevel=1");

    /**
     * Lays out the folder.
     *
     * @param java the JVM that runs the servers
     * @param directory where files may be kept
     * @return the command
     * @throws IOException if the classes cannot be copied
     */
    public static StubCommand install(Path java, Path directory) throws IOException {
        Path source = source();
        if (Files.isDirectory(source)) {
            return new StubCommand(java, source);
        }
        Path classes = directory.resolve("stub");
        String folder = StubServer.class.getPackageName().replace('.', '/');
        Path target = Files.createDirectories(classes.resolve(folder));
        try (FileSystem jar = FileSystems.newFileSystem(source, Map.of());
                Stream<Path> files = Files.list(jar.getPath(folder))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, target.resolve(file.getFileName().toString()));
            }
        }
        return new StubCommand(java, classes);
    }

    private static Path source() {
        try {
            URI location = StubServer.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
            return Path.of(location);
        } catch (URISyntaxException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    /**
     * A server that is fast under load.
     *
     * @return the program and its arguments
     */
    public List<String> fast() {
        return command(FAST);
    }

    /**
     * A server that is small, for a hundred of them.
     *
     * @return the program and its arguments
     */
    public List<String> small() {
        return command(SMALL);
    }

    private List<String> command(List<String> flags) {
        List<String> command =
                new ArrayList<>(List.of(java.toString(), "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xshare:auto"));
        command.addAll(flags);
        command.addAll(List.of("-cp", classes.toString(), StubServer.class.getName()));
        return command;
    }
}
