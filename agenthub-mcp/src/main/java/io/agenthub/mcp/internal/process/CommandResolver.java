package io.agenthub.mcp.internal.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the program that a command means, once, so that nothing planted later is run in its place. Blocks on the disk. */
public final class CommandResolver {
    private static final boolean WINDOWS =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");

    private final String searchPath;
    private final Optional<Path> workingDirectory;

    /**
     * Makes a resolver.
     *
     * @param searchPath the value of PATH that the child will have
     * @param workingDirectory what a relative path with a separator in it starts from; ours if empty
     */
    public CommandResolver(String searchPath, Optional<Path> workingDirectory) {
        this.searchPath = searchPath;
        this.workingDirectory = workingDirectory;
    }

    /**
     * Finds the program.
     *
     * @param command a path, or a name to be looked up in PATH; the current directory is never searched
     * @return its absolute path
     * @throws IOException if there is none that can be run; the message says what was searched
     */
    public Path resolve(String command) throws IOException {
        if (command.indexOf('/') >= 0 || command.indexOf(File.separatorChar) >= 0) {
            return explicit(command);
        }
        for (Path directory : directories()) {
            for (String name : names(command)) {
                Path candidate = directory.resolve(name);
                if (isProgram(candidate)) {
                    return candidate;
                }
            }
        }
        throw new IOException("command '" + command + "' was not found in PATH (" + searchPath
                + "); install it or give its full path");
    }

    private Path explicit(String command) throws IOException {
        Path path = workingDirectory.orElse(Path.of("")).resolve(command).toAbsolutePath();
        for (String name :
                names(path.getFileName() == null ? "" : path.getFileName().toString())) {
            Path candidate = path.resolveSibling(name);
            if (isProgram(candidate)) {
                return candidate;
            }
        }
        String problem = Files.isDirectory(path)
                ? "is a directory"
                : Files.exists(path) ? "may not be executed by this user" : "does not exist";
        throw new IOException("command '" + command + "' " + problem);
    }

    private List<Path> directories() {
        return Arrays.stream(searchPath.split(File.pathSeparator))
                .filter(entry -> !entry.isBlank())
                .map(Path::of)
                .filter(Path::isAbsolute)
                .toList();
    }

    private static List<String> names(String command) {
        if (!WINDOWS) {
            return List.of(command);
        }
        String extensions = Optional.ofNullable(System.getenv("PATHEXT")).orElse(".COM;.EXE;.BAT;.CMD");
        return Stream.concat(
                        Stream.of(command),
                        Arrays.stream(extensions.split(";"))
                                .filter(extension -> !extension.isBlank())
                                .map(command::concat))
                .toList();
    }

    private static boolean isProgram(Path path) {
        return Files.isRegularFile(path) && Files.isExecutable(path);
    }
}
