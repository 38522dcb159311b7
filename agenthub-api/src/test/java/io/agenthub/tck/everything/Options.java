package io.agenthub.tck.everything;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How the server was started.
 *
 * @param era {@code --legacy}, {@code --modern} or {@code --dual}
 * @param page entries per page of a list
 * @param key signs request states, or null for a random one
 * @param journal where to write what happens, or null
 */
record Options(
        String era,
        int page,
        @Nullable String key,
        @Nullable Path journal) {
    static Options of(String[] arguments) {
        String era = "--dual";
        int page = Integer.MAX_VALUE;
        @Nullable String key = null;
        @Nullable Path journal = null;
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String value = argument.substring(equals + 1);
            switch (equals < 0 ? argument : argument.substring(0, equals)) {
                case "--legacy", "--modern", "--dual" -> era = argument;
                case "--page" -> page = Integer.parseInt(value);
                case "--key" -> key = value;
                case "--journal" -> journal = Path.of(value);
                default -> throw new IllegalArgumentException("unknown mode ".concat(argument));
            }
        }
        return new Options(era, page, key, journal);
    }
}
