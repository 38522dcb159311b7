package io.agenthub.mcp.internal.config;

import io.agenthub.api.ConfigurationException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Turns the names people give servers into names that can stand in a URL: lower case, and each run of other characters than
 * {@code a-z 0-9 _ -} becomes one {@code -}; none at either end. {@code "My GitHub"} is {@code my-github}.
 */
final class ServerNames {
    private static final int LONGEST = 64;

    private final String section;
    private final Map<String, String> written = new HashMap<>();

    /** For the servers of one section of one file. */
    ServerNames(String section) {
        this.section = section;
    }

    /**
     * The name of a server.
     *
     * @throws ConfigurationException if nothing usable is left, or another server has it already
     */
    String name(String asWritten) {
        String name = asWritten
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9_-]+", "-")
                .replaceAll("^[^a-z0-9]+|-+$", "");
        if (name.isEmpty() || name.length() > LONGEST) {
            throw new ConfigurationException(
                    section + "." + asWritten,
                    "a server's name needs 1 to 64 characters of a-z, 0-9, '_' and '-', beginning with a letter or digit");
        }
        String other = written.put(name, asWritten);
        if (other != null) {
            throw new ConfigurationException(
                    section + "." + asWritten,
                    "is known as '" + name + "', and so is '" + other + "'; rename one of them");
        }
        return name;
    }
}
