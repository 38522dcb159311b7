package io.agenthub.mcp.internal.config;

import io.agenthub.api.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The file of variables that VS Code and Cursor let a server name: lines of {@code NAME=value}. */
final class EnvFile {
    private static final Pattern ASSIGNMENT =
            Pattern.compile("(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)\\s*=\\s*(.*?)\\s*");

    private EnvFile() {}

    /**
     * Reads it.
     *
     * @throws io.agenthub.api.ConfigurationException if it cannot be read, or a line is no assignment; shows no value
     */
    static Map<String, String> read(Settings settings, Path file) {
        Map<String, String> variables = new LinkedHashMap<>();
        int number = 0;
        for (String line : lines(settings, file)) {
            number++;
            String text = line.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            Matcher assignment = ASSIGNMENT.matcher(text);
            if (!assignment.matches()) {
                throw settings.error("envFile", "line " + number + " of " + file + " is not NAME=value");
            }
            variables.put(assignment.group(1), unquote(assignment.group(2)));
        }
        return variables;
    }

    private static Iterable<String> lines(Settings settings, Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw settings.error("envFile", file + " cannot be read");
        }
    }

    private static String unquote(String value) {
        boolean quoted = value.length() >= 2
                && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                && value.charAt(value.length() - 1) == value.charAt(0);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
