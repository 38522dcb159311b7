package io.agenthub.gateway.internal.http;

import io.agenthub.api.ErrorKind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask: exact lists of {@code Host} and {@code Origin} values, and a bearer token. Immutable.
 *
 * <p>The lists are what keeps a web page from driving a server on the loopback interface, by a forged name (DNS rebinding) or from
 * a foreign origin.
 */
public final class AccessRules {
    /** Below it stands, for every path, how to get at what is there (RFC 9728). */
    public static final String METADATA = "/.well-known/oauth-protected-resource";

    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "[::1]");
    private static final String SCHEME = "bearer ";

    private final Set<String> hosts = new HashSet<>();
    private final Set<String> others = new HashSet<>();
    private final Set<String> origins = new HashSet<>();
    private final boolean anyLocalAddress;
    private final byte @Nullable [] tokenHash;

    /**
     * Makes the rules of a bound server.
     *
     * @param bound where it listens
     * @param moreHosts {@code Host} values allowed beside the loopback names and the bound address
     * @param moreOrigins {@code Origin} values allowed beside those of the allowed hosts
     * @param token the bearer token, or null if none is asked for
     */
    public AccessRules(
            InetSocketAddress bound, List<String> moreHosts, List<String> moreOrigins, @Nullable String token) {
        LOOPBACK.forEach(name -> allowHost(name, bound.getPort(), "http://"));
        anyLocalAddress = bound.getAddress().isAnyLocalAddress();
        if (!anyLocalAddress) {
            allowHost(literal(bound.getAddress()), bound.getPort(), "http://");
        }
        for (String host : moreHosts) {
            String name = host.toLowerCase(Locale.ROOT);
            others.add(name);
            origins.add("http://" + name);
            origins.add("https://" + name);
        }
        moreOrigins.forEach(origin -> origins.add(origin.toLowerCase(Locale.ROOT)));
        tokenHash = token == null ? null : hash(token);
    }

    private void allowHost(String name, int port, String scheme) {
        hosts.add(name + ":" + port);
        origins.add(scheme + name + ":" + port);
        if (port == 80) {
            hosts.add(name);
            origins.add(scheme + name);
        }
    }

    private static String literal(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        String plain = zone < 0 ? text : text.substring(0, zone);
        return plain.indexOf(':') < 0 ? plain : "[" + plain + "]";
    }

    /**
     * Checks the values of {@code Host}.
     *
     * @param values all of them
     * @param local where the connection arrived
     * @throws Refusal 400 if there is not exactly one, 403 if it is not allowed
     */
    void checkHost(List<String> values, @Nullable InetSocketAddress local) {
        if (values.size() != 1) {
            throw Refusal.malformed(values.isEmpty() ? "no Host header" : "more than one Host header");
        }
        String host = values.get(0).toLowerCase(Locale.ROOT);
        if (!hosts.contains(host) && !others.contains(host) && !isArrival(host, local)) {
            throw forbidden("This Host is not served here; add it to allowedHosts if that is meant");
        }
    }

    /**
     * Whether clients know this gateway under another name than its address: most often that of a proxy, which may speak TLS and have
     * paths of its own.
     *
     * @param host a value of {@code Host} that is allowed
     * @return true if it is one of the further hosts
     */
    boolean isBehind(String host) {
        return others.contains(host.toLowerCase(Locale.ROOT));
    }

    /** Whether it names the very address that the connection arrived at, where all of them are listened on. */
    private boolean isArrival(String host, @Nullable InetSocketAddress local) {
        return anyLocalAddress && local != null && host.equals(literal(local.getAddress()) + ":" + local.getPort());
    }

    /**
     * Checks the values of {@code Origin}.
     *
     * @param values all of them
     * @throws Refusal 403 if there is one that is not allowed
     */
    void checkOrigin(List<String> values) {
        boolean allowed = values.isEmpty()
                || (values.size() == 1 && origins.contains(values.get(0).toLowerCase(Locale.ROOT)));
        if (!allowed) {
            throw forbidden("This Origin may not call; add it to allowedOrigins if that is meant");
        }
    }

    private static Refusal forbidden(String message) {
        return Refusal.closing(403, ErrorKind.FORBIDDEN, message);
    }

    /**
     * Whether the caller may see and do everything.
     *
     * @param authorization the values of {@code Authorization}
     * @return true without a token to ask for, or with the right one
     */
    boolean isAuthorized(List<String> authorization) {
        if (tokenHash == null) {
            return true;
        }
        if (authorization.size() != 1
                || !authorization.get(0).toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            return false;
        }
        // Hashes have one length, so that the comparison tells nothing of the token's.
        return MessageDigest.isEqual(
                tokenHash, hash(authorization.get(0).substring(SCHEME.length()).strip()));
    }

    private static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "AccessRules[hosts=" + hosts + ", others=" + others + ", token=" + (tokenHash == null ? "none" : "set")
                + "]";
    }
}
