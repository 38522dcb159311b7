package io.agenthub.ollama;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns once of an Ollama with known holes: before 0.17.1, a model file could read the server's memory (CVE-2026-7482). */
final class VersionCheck {
    private static final Logger log = LoggerFactory.getLogger(VersionCheck.class);
    private static final int[] SAFE = {0, 17, 1};
    private static final Pattern VERSION = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6}).*");

    private final OllamaClient client;
    private final AtomicBoolean asked;

    VersionCheck(OllamaClient client, ApiStyle style) {
        this.client = client;
        this.asked = new AtomicBoolean(style != ApiStyle.NATIVE);
    }

    void once() {
        if (asked.compareAndSet(false, true)) {
            client.version().thenAccept(version -> {
                if (isOlder(version)) {
                    log.atWarn().addKeyValue("version", version).log("This Ollama has known holes; update to 0.17.1");
                }
            });
        }
    }

    /** What is not three numbers says nothing, and a build of its own may be any. */
    static boolean isOlder(String version) {
        Matcher matcher = VERSION.matcher(version);
        if (!matcher.matches() || version.startsWith("0.0.0")) {
            return false;
        }
        for (int i = 0; i < SAFE.length; i++) {
            int part = Integer.parseInt(matcher.group(i + 1));
            if (part != SAFE[i]) {
                return part < SAFE[i];
            }
        }
        return false;
    }
}
