package io.agenthub.mcp.internal.call;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes out of a text what looks like a secret, and the values known to be some. Immutable. */
public final class Redactor {
    private static final String HIDDEN = "[redacted]";
    private static final int SHORTEST_SECRET = 5;
    private static final Pattern NAMED = Pattern.compile(
            "(?i)((?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential|"
                    + "authorization|cookie)[\\w.-]{0,40}[\"']?\\s{0,4}[=:]\\s{0,4}[\"']?)((?:bearer|basic)\\s+)?[^\\s\"',;&]+");
    private static final Pattern BEARER = Pattern.compile("(?i)\\b(bearer\\s+)[A-Za-z0-9._~+/=-]{4,}");
    private static final Pattern WELL_KNOWN =
            Pattern.compile("\\b(?:sk-|gh[pousr]_|github_pat_|xox[abprs]-|glpat-|AKIA)[A-Za-z0-9_-]{8,}");
    private static final Pattern URL_USER = Pattern.compile("(://[^\\s/:@]{1,256}:)[^\\s/@]{1,256}@");

    private final List<String> secrets;

    /**
     * Hides these values too, the short ones excepted: hiding every {@code 1} would hide the text.
     *
     * @param secrets the values
     */
    public Redactor(List<String> secrets) {
        this.secrets = secrets.stream()
                .filter(secret -> secret.length() >= SHORTEST_SECRET)
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /**
     * Hides secrets.
     *
     * @param text the text
     * @return the text without them
     */
    public String redact(String text) {
        String shown = text;
        for (String secret : secrets) {
            shown = shown.replace(secret, HIDDEN);
        }
        shown = NAMED.matcher(shown).replaceAll("$1" + Matcher.quoteReplacement(HIDDEN));
        shown = BEARER.matcher(shown).replaceAll("$1" + Matcher.quoteReplacement(HIDDEN));
        shown = WELL_KNOWN.matcher(shown).replaceAll(Matcher.quoteReplacement(HIDDEN));
        return URL_USER.matcher(shown).replaceAll("$1" + Matcher.quoteReplacement(HIDDEN) + "@");
    }
}
