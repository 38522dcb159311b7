package io.agenthub.bench.load.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Where and with what a report was made, as lines of a table.
 *
 * @param lines what and which, in order
 */
public record Surroundings(Map<String, String> lines) {
    private static final String COMMENT = "# ";
    private static final String IS = ": ";

    /** Copies the lines, in their order. */
    public Surroundings {
        lines = Collections.unmodifiableMap(new LinkedHashMap<>(lines));
    }

    /**
     * Finds out where this process runs.
     *
     * @param more lines to add
     * @return the surroundings
     */
    public static Surroundings detect(Map<String, String> more) {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("Date", LocalDate.now(ZoneOffset.UTC).toString());
        lines.put("Processor", processor());
        lines.put("System", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        lines.put("Load average before the first run", firstField("/proc/loadavg"));
        lines.put(
                "JDK",
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version") + ", "
                        + System.getProperty("java.vendor"));
        Properties versions = versions();
        versions.stringPropertyNames().stream()
                .sorted()
                .forEach(name -> lines.put(name.replace('_', ' '), versions.getProperty(name)));
        lines.putAll(more);
        return new Surroundings(lines);
    }

    /**
     * Reads what stands above the numbers of an earlier report.
     *
     * @param file as {@link Measurements#write} has written it
     * @return the surroundings of that report
     * @throws IOException if it cannot be read
     */
    public static Surroundings read(Path file) throws IOException {
        Map<String, String> lines = new LinkedHashMap<>();
        for (String line : Files.readAllLines(file)) {
            if (isComment(line)) {
                String[] parts = line.substring(COMMENT.length()).split(IS, 2);
                lines.put(parts[0], parts.length > 1 ? parts[1] : "");
            }
        }
        return new Surroundings(lines);
    }

    /**
     * The same with one more line.
     *
     * @param name what
     * @param value which
     * @return changed surroundings
     */
    public Surroundings with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(lines);
        more.put(name, value);
        return new Surroundings(more);
    }

    static boolean isComment(String line) {
        return line.startsWith(COMMENT);
    }

    /** Each line as a comment above numbers. */
    List<String> comments() {
        return lines.entrySet().stream()
                .map(line -> COMMENT + line.getKey() + IS + line.getValue())
                .toList();
    }

    private static String processor() {
        int count = Runtime.getRuntime().availableProcessors();
        try {
            String model = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
            return count + " x " + model;
        } catch (IOException e) {
            return count + " x " + System.getProperty("os.arch");
        }
    }

    private static String firstField(String file) {
        try {
            String text = Files.readString(Path.of(file));
            return text.substring(0, text.indexOf(' '));
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static Properties versions() {
        Properties versions = new Properties();
        try (InputStream in = Surroundings.class.getResourceAsStream("versions.properties")) {
            if (in != null) {
                versions.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return versions;
    }
}
