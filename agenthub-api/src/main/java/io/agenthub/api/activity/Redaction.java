package io.agenthub.api.activity;

import io.agenthub.api.rpc.JsonText;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is taken out of texts before they are kept: the values of telling keys, whatever matches a pattern, and everything
 * beyond a size. Immutable; stores apply it on a thread of their own.
 *
 * <p>Best effort: a secret that looks like an ordinary word stays. Not keeping bodies is the real protection.
 *
 * @param keys words that make a key telling if the key contains one, without regard to case, {@code _} and {@code -}
 * @param patterns what is taken out of strings; of a pattern with a capturing group, only what its first group matches. At
 *     most {@value #WINDOW} characters of a string are kept, so that a search ends soon
 * @param maxBodyBytes the most bytes kept of a body, 64 to 1 MiB; default 2 KiB
 */
public record Redaction(Set<String> keys, List<Pattern> patterns, int maxBodyBytes) {
    /** What stands in the place of a secret. */
    public static final String MARK = "[redacted]";

    private static final int WINDOW = 16_384;

    /** The keys of {@link #DEFAULT}. */
    private static final Set<String> KEYS = Set.of(
            "password",
            "passwd",
            "passphrase",
            "secret",
            "token",
            "apikey",
            "authorization",
            "cookie",
            "credential",
            "privatekey",
            "accesskey",
            "sessionid",
            "signature");

    /** The patterns of {@link #DEFAULT}: forms that secrets are commonly written in. */
    private static final List<Pattern> PATTERNS = List.of(
            Pattern.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z ]*PRIVATE KEY-----|\\z)"),
            Pattern.compile("(?i)\\b(?:bearer|basic)\\s+([a-z0-9._~+/=-]{8,})"),
            Pattern.compile("\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{4,}(?:\\.[A-Za-z0-9_-]*)?"),
            Pattern.compile("\\b(?:sk|pk|rk)[-_][A-Za-z0-9_-]{16,}"),
            Pattern.compile(
                    "\\bgh[pousr]_[A-Za-z0-9]{20,}|\\bgithub_pat_[A-Za-z0-9_]{20,}|\\bglpat-[A-Za-z0-9_-]{16,}"),
            Pattern.compile(
                    "\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b|\\bAIza[A-Za-z0-9_-]{30,}|\\bxox[abeoprs]-[A-Za-z0-9-]{8,}"),
            Pattern.compile("://[^\\s/:@]{0,256}:([^\\s/@]{1,256})@"),
            Pattern.compile(
                    "(?i)(?:password|passwd|passphrase|secret|token|api[_-]?key|authorization|cookie|credential|"
                            + "private[_-]?key|access[_-]?key|signature)[a-z0-9_-]{0,32}[\"']?\\s{0,8}[:=]\\s{0,8}"
                            + "(\"[^\"]{1,4096}|'[^']{1,4096}|[^\\s\"',;&}]{1,4096})"));

    /** Common keys and forms of secrets, and 2 KiB of a body. */
    public static final Redaction DEFAULT = new Redaction(KEYS, PATTERNS, 2_048);

    /**
     * Copies and checks.
     *
     * @throws IllegalArgumentException if the size is out of range or a key is without a letter or digit
     */
    public Redaction {
        keys = keys.stream().map(Redaction::bare).collect(Collectors.toUnmodifiableSet());
        patterns = List.copyOf(patterns);
        if (keys.contains("")) {
            throw new IllegalArgumentException("a redacted key needs a letter or digit");
        }
        if (maxBodyBytes < 64 || maxBodyBytes > 1_048_576) {
            throw new IllegalArgumentException("maxBodyBytes is " + maxBodyBytes + ", must be between 64 and 1048576");
        }
    }

    /**
     * What may be kept of a body. The result is JSON on one line, also where it was cut: strings end early, later members and
     * elements are left out, and {@code …} stands where something is missing.
     *
     * @param body any JSON value
     * @return what is left, at most {@link #maxBodyBytes()} bytes
     */
    public JsonText apply(JsonText body) {
        return new BodyRedactor(this, body).redact();
    }

    /**
     * What may be kept of a text for people.
     *
     * @param text any text
     * @return the text with {@value #MARK} where a pattern matched
     */
    public String apply(String text) {
        String seen = text.length() <= WINDOW ? text : text.substring(0, WINDOW);
        for (Pattern pattern : patterns) {
            seen = replace(pattern, seen);
        }
        return text.length() <= WINDOW ? seen : seen + '…';
    }

    private static String replace(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        int copied = 0;
        do {
            int group = matcher.groupCount() > 0 && matcher.start(1) >= 0 ? 1 : 0;
            // A group can stand before the match it belongs to, as behind a look to the left, and within what is taken
            // out already.
            if (matcher.start(group) >= copied || matcher.end(group) > copied) {
                out.append(text, copied, Math.max(copied, matcher.start(group))).append(MARK);
                copied = matcher.end(group);
            }
        } while (matcher.find());
        return out.append(text, copied, text.length()).toString();
    }

    /**
     * Whether a key tells that its value is a secret.
     *
     * @param key a member's name
     * @return true if it contains one of {@link #keys()}, without regard to case, {@code _} and {@code -}
     */
    public boolean isTelling(String key) {
        String bare = bare(key);
        for (String word : keys) {
            if (bare.contains(word)) {
                return true;
            }
        }
        return false;
    }

    private static String bare(String key) {
        Objects.requireNonNull(key);
        StringBuilder bare = new StringBuilder(key.length());
        for (int i = 0; i < key.length(); i++) {
            if (Character.isLetterOrDigit(key.charAt(i))) {
                bare.append(key.charAt(i));
            }
        }
        return bare.toString().toLowerCase(Locale.ROOT);
    }
}
