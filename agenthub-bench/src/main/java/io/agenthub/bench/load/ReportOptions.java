package io.agenthub.bench.load;

import io.agenthub.bench.load.scenario.Plan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What the report is made of.
 *
 * @param plan how much is measured
 * @param scenarios which scenarios; empty means all
 * @param gateway the gateway application
 * @param gatewayFlags the JVM options it is run with
 * @param out where the report goes
 * @param pin whether processes are pinned to processors
 * @param from numbers of an earlier run, to render again
 * @param command what was typed
 */
record ReportOptions(
        Plan plan,
        List<String> scenarios,
        Path gateway,
        List<String> gatewayFlags,
        Path out,
        boolean pin,
        Optional<Path> from,
        String command) {
    static final String USAGE = """
            report [--quick | --smoke] [--rounds N] [--only SCENARIO,...] [--out DIR] [--gateway JAR]
                   [--gateway-flags "OPTIONS"] [--no-pin] [--from FILE]

              --quick          two short rounds instead of three
              --smoke          every scenario for a moment, at tiny size
              --rounds         how often everything is measured, default 3
              --only           some scenarios: throughput, recording, open-loop, held, start, bodies,
                               slow-readers, children, connections, in-process, ways
              --out            where the report goes, default docs
              --gateway        the application, default examples/gateway/target/agenthub-gateway.jar
              --gateway-flags  JVM options of the gateway, default @examples/gateway/jvm.options
              --no-pin         let every process use every processor
              --from           do not measure, but render the numbers of an earlier run again""";

    private static final Path SHIPPED = Path.of("examples", "gateway", "jvm.options");
    private static final Path GATEWAY = Path.of("examples", "gateway", "target", "agenthub-gateway.jar");

    /** Copies the lists. */
    ReportOptions {
        scenarios = List.copyOf(scenarios);
        gatewayFlags = List.copyOf(gatewayFlags);
    }

    static ReportOptions parse(List<String> arguments) {
        Plan plan = Plan.FULL;
        List<String> scenarios = List.of();
        Path gateway = GATEWAY;
        List<String> flags = Files.isRegularFile(SHIPPED) ? List.of("@" + SHIPPED) : List.of();
        Path out = Path.of("docs");
        boolean pin = true;
        Optional<Path> from = Optional.empty();
        Deque<String> rest = new ArrayDeque<>(arguments);
        while (!rest.isEmpty()) {
            String option = rest.remove();
            switch (option) {
                case "--quick" -> plan = Plan.QUICK;
                case "--smoke" -> plan = Plan.SMOKE;
                case "--rounds" -> plan = plan.withRounds(Integer.parseInt(value(option, rest)));
                case "--only" -> scenarios = List.of(value(option, rest).split(",", -1));
                case "--out" -> out = Path.of(value(option, rest));
                case "--gateway" -> gateway = Path.of(value(option, rest));
                case "--gateway-flags" -> flags = words(value(option, rest));
                case "--no-pin" -> pin = false;
                case "--from" -> from = Optional.of(Path.of(value(option, rest)));
                default -> throw new IllegalArgumentException("unknown option " + option + "\n" + USAGE);
            }
        }
        String command =
                ("java -jar agenthub-bench/target/benchmarks.jar report " + String.join(" ", arguments)).strip();
        return new ReportOptions(plan, scenarios, gateway, flags, out, pin, from, command);
    }

    private static String value(String option, Deque<String> rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(option + " needs a value\n" + USAGE);
        }
        return rest.remove();
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>(List.of(text.trim().split("\\s+", -1)));
        words.removeIf(String::isEmpty);
        return words;
    }

    Optional<Path> existingGateway() {
        return Optional.of(gateway).filter(Files::isRegularFile).map(Path::toAbsolutePath);
    }
}
