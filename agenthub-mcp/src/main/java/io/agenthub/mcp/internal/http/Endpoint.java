package io.agenthub.mcp.internal.http;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where requests go.
 *
 * @param secure whether TLS is spoken
 * @param host a name or an address, without brackets
 * @param port 1 to 65,535
 * @param target path and query, beginning with a slash; may hold a secret
 */
public record Endpoint(boolean secure, String host, int port, String target) {
    private static final byte[] LOOPBACK_4 = {127, 0, 0, 1};
    private static final byte[] LOOPBACK_6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    /**
     * Reads a URL.
     *
     * @param url such as {@code https://mcp.example.com/mcp}
     * @return the endpoint
     * @throws IllegalArgumentException if it is no such URL; the message says what is wrong and shows nothing of it
     */
    public static Endpoint parse(String url) {
        URI uri;
        try {
            uri = new URI(url.strip());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is not a URL: " + e.getReason());
        }
        boolean secure = "https".equalsIgnoreCase(uri.getScheme());
        if (!secure && !"http".equalsIgnoreCase(uri.getScheme())) {
            throw new IllegalArgumentException("must begin with https:// or http://");
        }
        if (uri.getHost() == null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("must name a host and have no fragment");
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("must name no user; credentials belong into \"headers\"");
        }
        int port = uri.getPort() == -1 ? (secure ? 443 : 80) : uri.getPort();
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("must name a port between 1 and 65535");
        }
        return new Endpoint(secure, bare(uri.getHost()), port, target(uri));
    }

    private static String bare(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.startsWith("[") ? lower.substring(1, lower.length() - 1) : lower;
    }

    private static String target(URI uri) {
        URI ascii = URI.create(uri.toASCIIString());
        String path = ascii.getRawPath() == null || ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
        return ascii.getRawQuery() == null ? path : path + "?" + ascii.getRawQuery();
    }

    /**
     * Whether requests stay on this machine.
     *
     * @return true for {@code localhost} and addresses of the loopback interface; false for any other name, whatever it means
     */
    public boolean isLoopback() {
        return host.equals("localhost")
                || literal().map(InetAddress::isLoopbackAddress).orElse(false);
    }

    private Optional<InetAddress> literal() {
        return Optional.ofNullable(NetUtil.createByteArrayFromIpAddressString(host))
                .map(this::address);
    }

    private InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(host, bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address has 4 or 16 bytes", e);
        }
    }

    /** The addresses to try, in order, as far as they are known without asking anybody. */
    Optional<List<InetAddress>> knownAddresses() {
        return host.equals("localhost")
                ? Optional.of(List.of(address(LOOPBACK_4), address(LOOPBACK_6)))
                : literal().map(List::of);
    }

    /** The addresses that the host's name means. Blocks. */
    List<InetAddress> lookUp() throws UnknownHostException {
        return List.of(InetAddress.getAllByName(host));
    }

    /** The {@code Host} header. */
    String authority() {
        String name = literal().filter(Inet6Address.class::isInstance).isPresent() || host.indexOf(':') >= 0
                ? "[" + host + "]"
                : host;
        return port == (secure ? 443 : 80) ? name : name + ":" + port;
    }

    /** Without the query, in which secrets may stand. */
    @Override
    public String toString() {
        int query = target.indexOf('?');
        return (secure ? "https://" : "http://") + authority() + (query < 0 ? target : target.substring(0, query));
    }
}
