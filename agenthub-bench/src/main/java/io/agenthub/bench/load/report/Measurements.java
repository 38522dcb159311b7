package io.agenthub.bench.load.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Everything that was measured, in the order of the samples. For one thread. */
public final class Measurements {
    private static final String HEADER = "scenario;point;subject;metric;sample;value";

    private final Map<Series, List<Double>> values = new LinkedHashMap<>();

    /**
     * Adds the next sample: one in each round, or several.
     *
     * @param series what
     * @param value how much
     */
    public void add(Series series, double value) {
        values.computeIfAbsent(series, key -> new ArrayList<>()).add(value);
    }

    /**
     * All samples of a series.
     *
     * @param series what
     * @return its values in order, empty if it was not measured
     */
    public List<Double> values(Series series) {
        return List.copyOf(values.getOrDefault(series, List.of()));
    }

    /**
     * The middle and spread of a series.
     *
     * @param series what
     * @return empty if it was not measured
     */
    public Optional<Stat> stat(Series series) {
        return Stat.of(values(series));
    }

    /**
     * The sum of a metric over everything.
     *
     * @param metric which
     * @param subject whose
     * @return the sum over all scenarios, points and samples; empty if it was measured nowhere
     */
    public Optional<Double> total(String metric, String subject) {
        return values.entrySet().stream()
                .filter(entry -> entry.getKey().metric().equals(metric))
                .filter(entry -> entry.getKey().subject().equals(subject))
                .flatMap(entry -> entry.getValue().stream())
                .reduce(Double::sum);
    }

    /**
     * Writes everything down, one value a line, below where it was measured.
     *
     * @param file the file
     * @param where the surroundings
     * @throws IOException if it cannot be written
     */
    public void write(Path file, Surroundings where) throws IOException {
        List<String> lines = new ArrayList<>(where.comments());
        lines.add(HEADER);
        values.forEach((series, samples) -> {
            String key = String.join(";", series.scenario(), series.point(), series.subject(), series.metric());
            for (int i = 0; i < samples.size(); i++) {
                lines.add(key + ";" + (i + 1) + ";" + String.format(Locale.ROOT, "%.6g", samples.get(i)));
            }
        });
        Files.write(file, lines);
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @param file the file
     * @return the measurements
     * @throws IOException if it cannot be read
     */
    public static Measurements read(Path file) throws IOException {
        Measurements read = new Measurements();
        for (String line : Files.readAllLines(file)) {
            if (!line.equals(HEADER) && !Surroundings.isComment(line)) {
                String[] fields = line.split(";", -1);
                Series series = new Series(fields[0], fields[1], fields[2], fields[3]);
                read.add(series, Double.parseDouble(fields[5]));
            }
        }
        return read;
    }
}
