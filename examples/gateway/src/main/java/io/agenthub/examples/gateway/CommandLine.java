package io.agenthub.examples.gateway;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the user asked for.
 *
 * @param help whether only the usage is wanted
 * @param version whether only the version is wanted
 * @param config the configuration file
 * @param host the address to bind
 * @param port the port to bind
 * @param data where parts keep their files
 * @param name the name of the one server
 * @param command the program and arguments of the one server; empty if there is none
 */
record CommandLine(
        boolean help,
        boolean version,
        Optional<Path> config,
        Optional<String> host,
        OptionalInt port,
        Optional<Path> data,
        Optional<String> name,
        List<String> command) {

    static final String USAGE = """
            Usage: agenthub-gateway [options]
                   agenthub-gateway [options] -- COMMAND [ARGUMENT...]

            Serves MCP servers over HTTP: those of a configuration file, or the one server that COMMAND
            runs, or, without either, a demo server.

              --config FILE   configuration as Claude Desktop, VS Code and Cursor write it (mcpServers)
              --host ADDRESS  address to bind, default 127.0.0.1; any other needs a token
              --port PORT     port to bind, default 9090; 0 means any free one
              --data DIR      where the gateway may keep files; created if it is not there
              --name NAME     name of the server that COMMAND runs, default "default"
              --help          print this and exit
              --version       print the version and exit

            The token is taken from AGENTHUB_TOKEN in the environment, or from "token" in the "gateway"
            section of the configuration file.
            """;

    /**
     * Reads the arguments.
     *
     * @throws UsageException if they make no sense
     */
    static CommandLine parse(String... arguments) {
        Builder builder = new Builder();
        Deque<String> rest = new ArrayDeque<>(List.of(arguments));
        while (!rest.isEmpty()) {
            builder.take(rest.removeFirst(), rest);
        }
        return builder.build();
    }

    /** Collects options, each at most once. */
    private static final class Builder {
        private boolean help;
        private boolean version;
        private Optional<String> config = Optional.empty();
        private Optional<String> host = Optional.empty();
        private Optional<String> port = Optional.empty();
        private Optional<String> data = Optional.empty();
        private Optional<String> name = Optional.empty();
        private List<String> command = List.of();

        void take(String argument, Deque<String> rest) {
            int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
            if (equals > 0) {
                rest.addFirst(argument.substring(equals + 1));
            }
            String option = equals > 0 ? argument.substring(0, equals) : argument;
            switch (option) {
                case "--help", "-h" -> help = true;
                case "--version" -> version = true;
                case "--config" -> config = value(option, config, rest);
                case "--host" -> host = value(option, host, rest);
                case "--port" -> port = value(option, port, rest);
                case "--data" -> data = value(option, data, rest);
                case "--name" -> name = value(option, name, rest);
                case "--" -> {
                    if (rest.isEmpty()) {
                        throw new UsageException("there is no command after --");
                    }
                    command = List.copyOf(rest);
                    rest.clear();
                }
                default -> throw new UsageException("unknown option " + argument);
            }
        }

        private static Optional<String> value(String option, Optional<String> present, Deque<String> rest) {
            if (present.isPresent()) {
                throw new UsageException(option + " is given twice");
            }
            if (rest.isEmpty() || rest.getFirst().isEmpty() || rest.getFirst().equals("--")) {
                throw new UsageException(option + " needs a value");
            }
            return Optional.of(rest.removeFirst());
        }

        CommandLine build() {
            if (config.isPresent() && !command.isEmpty()) {
                throw new UsageException("either --config or a command, not both");
            }
            if (name.isPresent() && command.isEmpty()) {
                throw new UsageException("--name goes with a command after --");
            }
            return new CommandLine(
                    help,
                    version,
                    config.map(Path::of),
                    host,
                    port.map(Builder::port).orElse(OptionalInt.empty()),
                    data.map(Path::of),
                    name,
                    command);
        }

        private static OptionalInt port(String text) {
            try {
                int port = Integer.parseInt(text);
                if (port >= 0 && port <= 65_535) {
                    return OptionalInt.of(port);
                }
            } catch (NumberFormatException e) {
                // Said below.
            }
            throw new UsageException("--port needs a number between 0 and 65535, not '" + text + "'");
        }
    }
}
