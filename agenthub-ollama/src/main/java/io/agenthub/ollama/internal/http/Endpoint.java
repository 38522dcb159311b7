package io.agenthub.ollama.internal.http;

import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;

/**
 * Where requests go.
 *
 * @param host a name or an address, without brackets
 * @param port 1 to 65,535
 * @param basePath what stands before every path, without a slash at its end
 */
public record Endpoint(String host, int port, String basePath) {
    private static final byte[] LOOPBACK_4 = {127, 0, 0, 1};
    private static final byte[] LOOPBACK_6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    /**
     * Reads a base URL.
     *
     * @param url such as {@code http://127.0.0.1:11434}
     * @param defaultPort the port if the URL names none
     * @return the endpoint
     * @throws IllegalArgumentException if it is not a plain HTTP URL; the message says what is wrong
     */
    public static Endpoint parse(String url, int defaultPort) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is not a URL: " + e.getReason(), e);
        }
        if (!"http".equalsIgnoreCase(uri.getScheme())) {
            throw new IllegalArgumentException("must begin with http://");
        }
        if (uri.getHost() == null || uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("must name a host and no user");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("must have no query and no fragment");
        }
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        int port = uri.getPort() == -1 ? defaultPort : uri.getPort();
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("must name a port between 1 and 65535");
        }
        return new Endpoint(bare, port, uri.getRawPath().replaceAll("/+$", ""));
    }

    /**
     * Whether requests stay on this machine.
     *
     * @return true for {@code localhost} and addresses of the loopback interface; false for any other name, whatever it
     *     resolves to
     */
    public boolean isLoopback() {
        if (host.equals("localhost")) {
            return true;
        }
        return isLiteral() && literal().isLoopbackAddress();
    }

    /**
     * Whether the addresses are known without asking anybody.
     *
     * @return true for {@code localhost} and literal addresses
     */
    boolean isLiteral() {
        return NetUtil.createByteArrayFromIpAddressString(host) != null;
    }

    private InetAddress literal() {
        return address(NetUtil.createByteArrayFromIpAddressString(host));
    }

    /**
     * The addresses to try, in order. Blocks if the host is a name other than {@code localhost}.
     *
     * @return at least one address
     * @throws UnknownHostException if the name means nothing
     */
    List<InetAddress> addresses() throws UnknownHostException {
        if (isLiteral()) {
            return List.of(literal());
        }
        return host.equals("localhost")
                ? List.of(address(LOOPBACK_4), address(LOOPBACK_6))
                : List.of(InetAddress.getAllByName(host));
    }

    /** Whether {@link #addresses()} may block. */
    boolean needsResolving() {
        return !host.equals("localhost") && !isLiteral();
    }

    private InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(host, bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address has 4 or 16 bytes", e);
        }
    }

    /** The {@code Host} header. */
    String authority() {
        boolean six = isLiteral() && !(literal() instanceof Inet4Address);
        return (six ? "[" + host + "]" : host) + ":" + port;
    }

    @Override
    public String toString() {
        return "http://" + authority() + basePath;
    }
}
