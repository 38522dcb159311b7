package io.agenthub.gateway.internal.mcp.aggregate;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * What a tool or prompt of one server is called among those of all: {@code server__name}. Made from the two names alone, so that it
 * is the same at any time and whatever other servers there are.
 *
 * <p>Where that would be longer than clients take, have characters they do not take, or not tell where the server's name ends, the
 * end is replaced by a digest of both names.
 */
final class PublicName {
    static final int LONGEST = 64;

    private static final String SEPARATOR = "__";
    private static final int DIGEST_CHARACTERS = 8;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.-]+");
    private static final Pattern DIGESTED = Pattern.compile(".*_[0-9a-f]{8}");

    private PublicName() {}

    static String of(String server, String name) {
        String full = server + SEPARATOR + name;
        return full.length() <= LONGEST && PLAIN.matcher(full).matches() && endsClearly(server)
                ? full
                : digested(server, name, full);
    }

    private static boolean endsClearly(String server) {
        return !server.contains(SEPARATOR) && !server.endsWith("_");
    }

    private static String digested(String server, String name, String full) {
        String plain = full.replaceAll("[^A-Za-z0-9_.-]", "_");
        int kept = Math.min(plain.length(), LONGEST - DIGEST_CHARACTERS - 1);
        return plain.substring(0, kept) + "_" + digest(server + "\n" + name);
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, DIGEST_CHARACTERS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Whether a name may end in a digest, so that it cannot be taken apart. */
    static boolean mayBeDigested(String name) {
        return DIGESTED.matcher(name).matches();
    }

    /** The part before the separator, which is the server's name unless the name is digested; empty if there is none. */
    static String server(String name) {
        int end = name.indexOf(SEPARATOR);
        return end < 0 ? "" : name.substring(0, end);
    }

    /** The part after the separator. */
    static String original(String name) {
        return name.substring(name.indexOf(SEPARATOR) + SEPARATOR.length());
    }
}
