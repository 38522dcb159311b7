package io.agenthub.mcp.internal.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Prepares the process of one server, each time the same: the program is looked up once, and what was found is kept.
 * Thread-safe; blocks on the disk.
 */
public final class Launcher {
    private static final Optional<Path> SETSID = setsid();

    private final LaunchSpec spec;
    private volatile @Nullable List<String> argv;

    /**
     * Makes the launcher of one server.
     *
     * @param spec what to start
     */
    public Launcher(LaunchSpec spec) {
        this.spec = spec;
    }

    private static Optional<Path> setsid() {
        boolean linux = System.getProperty("os.name", "").equals("Linux");
        return List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid")).stream()
                .filter(path -> linux && Files.isExecutable(path))
                .findFirst();
    }

    /**
     * Whether a process started by this leads a session of its own.
     *
     * @return true on Linux with {@code setsid} installed
     */
    public boolean ownSession() {
        return SETSID.isPresent();
    }

    /**
     * The process, ready to be started.
     *
     * @return a builder without redirects
     * @throws IOException if the program cannot be found; the message is for people
     */
    public ProcessBuilder prepare() throws IOException {
        List<String> words = argv;
        if (words == null) {
            words = resolve();
            argv = words;
        }
        ProcessBuilder process = new ProcessBuilder(words);
        process.environment().clear();
        process.environment().putAll(spec.environment());
        if (spec.workingDirectory().isPresent()) {
            Path directory = spec.workingDirectory().get();
            if (!Files.isDirectory(directory)) {
                throw new IOException("working directory '" + directory + "' does not exist");
            }
            process.directory(directory.toFile());
        }
        return process;
    }

    private List<String> resolve() throws IOException {
        CommandResolver resolver =
                new CommandResolver(spec.environment().getOrDefault("PATH", ""), spec.workingDirectory());
        List<String> words = new ArrayList<>();
        SETSID.ifPresent(path -> words.add(path.toString()));
        if (!spec.wrapper().isEmpty()) {
            words.add(resolver.resolve(spec.wrapper().get(0)).toString());
            words.addAll(spec.wrapper().subList(1, spec.wrapper().size()));
        }
        words.add(resolver.resolve(spec.command()).toString());
        words.addAll(spec.args());
        return List.copyOf(words);
    }
}
