package io.agenthub.mcp.internal.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** TLS 1.2 and 1.3 by the JDK, with certificates and host names verified. Thread-safe. */
public final class ClientTls {
    private final Optional<Path> authorities;
    private final Executor helpers;
    private @Nullable SslContext context;

    /**
     * Creates it; reads nothing yet.
     *
     * @param authorities a PEM file with the only certificates to trust; empty for those that the JDK trusts
     * @param helpers runs what blocks
     */
    public ClientTls(Optional<Path> authorities, Executor helpers) {
        this.authorities = authorities;
        this.helpers = helpers;
    }

    /** Reads the certificates. Blocks at the first success; after a failure it is tried again. */
    synchronized SslContext context() throws SSLException {
        SslContext made = context;
        if (made == null) {
            SslContextBuilder builder = SslContextBuilder.forClient()
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .endpointIdentificationAlgorithm("HTTPS");
            authorities.ifPresent(file -> builder.trustManager(file.toFile()));
            made = builder.build();
            context = made;
        }
        return made;
    }

    /** The handler of one connection. Its timeout is the dialer's. */
    SslHandler handler(SslContext made, ByteBufAllocator allocator, Endpoint endpoint) {
        SslHandler handler = made.newHandler(allocator, endpoint.host(), endpoint.port(), helpers);
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }
}
