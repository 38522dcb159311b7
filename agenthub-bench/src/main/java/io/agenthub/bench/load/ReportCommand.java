package io.agenthub.bench.load;

import io.agenthub.bench.TemporaryFolder;
import io.agenthub.bench.load.http.LoadGenerator;
import io.agenthub.bench.load.proc.Host;
import io.agenthub.bench.load.proc.Pinning;
import io.agenthub.bench.load.proc.Subjects;
import io.agenthub.bench.load.report.Measurements;
import io.agenthub.bench.load.report.Surroundings;
import io.agenthub.bench.load.scenario.Lab;
import io.agenthub.bench.load.scenario.Scenario;
import io.agenthub.bench.load.scenario.Scenarios;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Measures everything and writes the report: a page, a picture and the raw numbers. */
public final class ReportCommand {
    private final ReportOptions options;
    private final Consumer<String> log;

    private ReportCommand(ReportOptions options, Consumer<String> log) {
        this.options = options;
        this.log = log;
    }

    /**
     * Runs the command line.
     *
     * @param arguments see {@link ReportOptions#USAGE}
     * @throws IOException if something cannot be started or written
     */
    public static void run(List<String> arguments) throws IOException {
        if (arguments.contains("--help")) {
            System.out.println(ReportOptions.USAGE);
            return;
        }
        run(ReportOptions.parse(arguments), System.out::println);
    }

    /**
     * Measures and writes.
     *
     * @param options what and how much
     * @param log hears what is going on
     * @return everything that was measured
     * @throws IOException if something cannot be started or written
     */
    static Measurements run(ReportOptions options, Consumer<String> log) throws IOException {
        return new ReportCommand(options, log).run();
    }

    private Measurements run() throws IOException {
        Optional<Path> earlier = options.from();
        if (earlier.isPresent()) {
            Measurements measurements = Measurements.read(earlier.get());
            write(measurements, Surroundings.read(earlier.get()));
            return measurements;
        }
        Pinning pinning = Pinning.detect(options.pin());
        Surroundings surroundings = Surroundings.detect(about(pinning));
        Host host = new Host(options.plan().tries());
        try (TemporaryFolder folder = new TemporaryFolder()) {
            Measurements measurements = measure(folder.path(), pinning, host);
            write(measurements, surroundings.with("Others on the machine", host.describe()));
            return measurements;
        }
    }

    private Map<String, String> about(Pinning pinning) {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("Measured", options.plan().describe());
        lines.put("Processors", pinning.describe());
        lines.put(
                "Gateway",
                options.existingGateway().isPresent()
                        ? "the application"
                        : "put together from the library, since the application has not been built");
        lines.put("JVM options of the gateway", String.join(" ", options.gatewayFlags()));
        return lines;
    }

    private Measurements measure(Path directory, Pinning pinning, Host host) throws IOException {
        Measurements measurements = new Measurements();
        try (LoadGenerator generator = new LoadGenerator()) {
            Subjects subjects = new Subjects(directory, pinning, options.existingGateway(), options.gatewayFlags());
            pinning.moveSelf(true);
            Lab lab = new Lab(subjects, generator, host, options.plan(), measurements, log);
            for (Scenario scenario : Scenarios.named(options.scenarios())) {
                log.accept(scenario.id());
                scenario.run(lab);
            }
        } finally {
            pinning.moveSelf(false);
        }
        return measurements;
    }

    private void write(Measurements measurements, Surroundings surroundings) throws IOException {
        Path page = options.out().resolve("benchmarks.md");
        Files.createDirectories(options.out());
        String rendered =
                Scenarios.page(options.plan(), options.command(), surroundings).render(measurements);
        Files.writeString(page, rendered);
        Files.writeString(
                options.out().resolve("benchmarks.svg"),
                Scenarios.chart(options.plan(), measurements).render());
        measurements.write(options.out().resolve("benchmarks.csv"), surroundings);
        log.accept(rendered);
        log.accept("Written to " + page);
    }
}
