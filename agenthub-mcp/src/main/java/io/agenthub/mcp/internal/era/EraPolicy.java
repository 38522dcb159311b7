package io.agenthub.mcp.internal.era;

import io.agenthub.api.Settings;
import java.util.Locale;

/** Which era of MCP a server is spoken to in: its setting {@code protocol}. */
public enum EraPolicy {
    /** Whichever it answers to: it is asked in the modern way first. */
    AUTO,
    /** With a session, opened by {@code initialize}; it is never asked anything modern. */
    LEGACY,
    /** Stateless; it is never sent {@code initialize}. */
    MODERN;

    private static final String KEY = "protocol";

    /**
     * Reads the setting {@code protocol}.
     *
     * @param settings of a server
     * @return {@link #AUTO} if it is not set
     * @throws io.agenthub.api.ConfigurationException if it is none of {@code auto}, {@code legacy} and {@code modern}
     */
    public static EraPolicy of(Settings settings) {
        String value = settings.string(KEY).orElse("auto");
        for (EraPolicy policy : values()) {
            if (policy.name().toLowerCase(Locale.ROOT).equals(value)) {
                return policy;
            }
        }
        throw settings.error(KEY, "is '" + value + "', must be one of [auto, legacy, modern]");
    }
}
