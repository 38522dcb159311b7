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
    /*
     * What stands in front of the command, on Linux and where there is a POSIX shell: the shell sets the umask, which Java
     * cannot, takes back the variables it exports itself, and becomes setsid, which becomes the command. All of it is one
     * process with one id. The command and its arguments are positional parameters and are never parsed by the shell.
     */
    private static final Path SHELL = Path.of("/bin/sh");
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
    public static boolean ownSession() {
        return SETSID.isPresent();
    }

    /**
     * What starts a process in a session of its own.
     *
     * @return an argv to be put in front of another; empty where there is none
     */
    public static List<String> sessionPrefix() {
        return SETSID.map(path -> List.of(path.toString())).orElse(List.of());
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

    /**
     * Starts a process without tying the class loader of the application to it.
     *
     * @param process what to start
     * @return the process
     * @throws IOException if it cannot be started
     */
    public static Process start(ProcessBuilder process) throws IOException {
        // The thread by which the JDK waits for the process idles for a minute after it, and inherits the context class
        // loader.
        Thread thread = Thread.currentThread();
        ClassLoader application = thread.getContextClassLoader();
        thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
        try {
            return process.start();
        } finally {
            thread.setContextClassLoader(application);
        }
    }

    private List<String> resolve() throws IOException {
        CommandResolver resolver =
                new CommandResolver(spec.environment().getOrDefault("PATH", ""), spec.workingDirectory());
        List<String> words = new ArrayList<>();
        if (Files.isExecutable(SHELL)) {
            String script = "umask " + spec.umask() + "; unset PWD OLDPWD SHLVL _; exec \"$@\"";
            words.addAll(List.of(SHELL.toString(), "-c", script, "agenthub-launcher"));
        }
        words.addAll(sessionPrefix());
        if (!spec.wrapper().isEmpty()) {
            words.add(resolver.resolve(spec.wrapper().get(0)).toString());
            words.addAll(spec.wrapper().subList(1, spec.wrapper().size()));
        }
        words.add(resolver.resolve(spec.command()).toString());
        words.addAll(spec.args());
        return List.copyOf(words);
    }
}
