package io.agenthub.mcp.internal.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A process to be started, as its settings say.
 *
 * @param server the server's name
 * @param command the program: a path, or a name to be looked up in PATH
 * @param args its arguments
 * @param wrapper an argv put in front, such as a sandbox; empty for none
 * @param environment all the process may see
 * @param secrets values of the environment that were declared for this server, and so are hidden in what it says
 * @param workingDirectory where it runs; ours if empty
 * @param umask the permissions that files it makes do not get, in octal; only where there is a POSIX shell
 */
public record LaunchSpec(
        String server,
        String command,
        List<String> args,
        List<String> wrapper,
        Map<String, String> environment,
        List<String> secrets,
        Optional<Path> workingDirectory,
        String umask) {

    /** Copies. */
    public LaunchSpec {
        args = List.copyOf(args);
        wrapper = List.copyOf(wrapper);
        environment = Map.copyOf(environment);
        secrets = List.copyOf(secrets);
    }

    /** The program and the names of its environment; arguments and values may be secrets. */
    @Override
    public String toString() {
        return "LaunchSpec " + server + " " + command + " environment=" + environment.keySet();
    }
}
