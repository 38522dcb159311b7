package io.agenthub.bench.load.proc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A measurement that runs in a JVM of its own and prints its numbers, one a line: {@code name value}. */
public final class Part {
    private static final String MARK = "measured ";

    private Part() {}

    /**
     * Prints a number, for the process that started this one.
     *
     * @param name what
     * @param value how much
     */
    public static void print(String name, double value) {
        System.out.println(MARK + name + " " + String.format(Locale.ROOT, "%.9g", value));
    }

    /**
     * Runs a process to its end.
     *
     * @param command what to run
     * @return its numbers in the order printed
     * @throws IOException if it fails; the message holds what it printed
     */
    static Map<String, Double> run(List<String> command) throws IOException {
        Process process = Processes.start(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT));
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + " failed:\n" + output);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        Map<String, Double> numbers = new LinkedHashMap<>();
        output.lines().filter(line -> line.startsWith(MARK)).forEach(line -> {
            int space = line.lastIndexOf(' ');
            numbers.put(line.substring(MARK.length(), space), Double.parseDouble(line.substring(space + 1)));
        });
        return numbers;
    }
}
