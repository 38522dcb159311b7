package io.agenthub.examples.gateway;

import io.agenthub.api.AgentHubException;
import io.agenthub.core.HubResources;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** Where the program begins. */
public final class Main {
    private static final int USAGE = 2;
    private static final int FAILED = 1;

    private Main() {}

    /**
     * Runs the gateway until it is told to end.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        System.exit(run(arguments, System.getenv(), System.out, System.err));
    }

    /**
     * Runs the gateway until a signal ends it.
     *
     * @return the exit code: 0 after an orderly end, 1 if it could not start, 2 if the command line makes no sense
     */
    static int run(String[] arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
        try {
            CommandLine line = CommandLine.parse(arguments);
            if (line.help()) {
                out.print(CommandLine.USAGE);
            } else if (line.version()) {
                out.println("agenthub-gateway " + version());
            } else {
                serve(line, environment, out);
            }
            return 0;
        } catch (UsageException e) {
            err.println("agenthub-gateway: " + e.getMessage());
            err.println();
            err.print(CommandLine.USAGE);
            return USAGE;
        } catch (AgentHubException | IllegalArgumentException e) {
            err.println("agenthub-gateway: " + e.getMessage());
            return FAILED;
        }
    }

    private static void serve(CommandLine line, Map<String, String> environment, PrintStream out) {
        // Two threads that log for the first time at once would make SLF4J warn of it.
        LoggerFactory.getILoggerFactory();
        Upcoming<HubResources> resources = Upcoming.of(HubResources::create);
        Signals signals = Signals.listen();
        try (Application application = Application.start(line, environment, resources)) {
            out.print(application.banner(version()));
            out.flush();
            signals.first();
            out.println("Closing; once more to end at once");
        }
    }

    private static String version() {
        return Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
                .orElse("(development build)");
    }
}
