package io.agenthub.mcp.internal.http;

import io.agenthub.api.Scheduler;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Opens connections to one endpoint: name, addresses, TCP, TLS, in one time limit. Confined to its event loop. */
final class Dialer {
    private final Endpoint endpoint;
    private final HttpLimits limits;
    private final EventLoop loop;
    private final Scheduler scheduler;
    private final Executor helpers;
    private final ClientTls tls;

    /** Hears once how it went, on the loop. */
    interface Listener {
        void connected(Channel channel);

        void notConnected(String why, @Nullable Throwable cause);
    }

    /** What had to be found out before the first packet. */
    private record Route(
            List<InetAddress> addresses, @Nullable SslContext security) {}

    Dialer(Endpoint endpoint, HttpLimits limits, EventLoop loop, Scheduler scheduler, Executor helpers, ClientTls tls) {
        this.endpoint = endpoint;
        this.limits = limits;
        this.loop = loop;
        this.scheduler = scheduler;
        this.helpers = helpers;
        this.tls = tls;
    }

    /**
     * Opens one connection.
     *
     * @param last makes the last handler of its pipeline
     * @param listener hears how it went
     */
    void dial(Supplier<ChannelHandler> last, Listener listener) {
        new Attempt(last, listener).begin();
    }

    private final class Attempt {
        private final Supplier<ChannelHandler> last;
        private final Listener listener;
        private Scheduler.@Nullable Task timer;
        private @Nullable Channel channel;
        private boolean done;

        Attempt(Supplier<ChannelHandler> last, Listener listener) {
            this.last = last;
            this.listener = listener;
        }

        void begin() {
            timer = scheduler.schedule(limits.connectTimeout(), () -> onLoop(this::timedOut));
            Optional<List<InetAddress>> known = endpoint.knownAddresses();
            if (known.isPresent() && !endpoint.secure()) {
                connect(new Route(known.get(), null), 0);
                return;
            }
            try {
                helpers.execute(() -> findRoute(known));
            } catch (RejectedExecutionException e) {
                failed("too many connections are being opened", null);
            }
        }

        private void findRoute(Optional<List<InetAddress>> known) {
            try {
                List<InetAddress> addresses = known.isPresent() ? known.get() : endpoint.lookUp();
                Route route = new Route(addresses, endpoint.secure() ? tls.context() : null);
                onLoop(() -> connect(route, 0));
            } catch (UnknownHostException e) {
                onLoop(() -> failed("the name " + endpoint.host() + " means nothing", e));
            } catch (IOException | RuntimeException e) {
                onLoop(() -> failed("the certificates to trust cannot be read", e));
            }
        }

        private void connect(Route route, int index) {
            if (done) {
                return;
            }
            InetSocketAddress address = new InetSocketAddress(route.addresses().get(index), endpoint.port());
            ChannelFuture connecting = bootstrap(route.security()).connect(address);
            channel = connecting.channel();
            connecting.addListener(connected -> {
                if (connected.isSuccess()) {
                    secure(connecting.channel());
                } else if (index + 1 < route.addresses().size()) {
                    connect(route, index + 1);
                } else {
                    failed("cannot connect", connected.cause());
                }
            });
        }

        private Bootstrap bootstrap(@Nullable SslContext security) {
            return new Bootstrap()
                    .group(loop)
                    .channelFactory(SocketChannels.factory(loop))
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.SO_KEEPALIVE, true)
                    // The attempt has a timer of its own.
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                    .handler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel made) {
                            if (security != null) {
                                made.pipeline().addLast(tls.handler(security, made.alloc(), endpoint));
                            }
                            made.pipeline()
                                    .addLast(
                                            new StrictResponseDecoder(limits.maxHeaderBytes()),
                                            new HttpRequestEncoder(),
                                            last.get());
                        }
                    });
        }

        private void secure(Channel connected) {
            SslHandler handler = connected.pipeline().get(SslHandler.class);
            if (handler == null) {
                succeeded(connected);
                return;
            }
            handler.handshakeFuture().addListener(shaken -> {
                if (shaken.isSuccess()) {
                    succeeded(connected);
                } else {
                    failed("the TLS handshake failed", shaken.cause());
                }
            });
        }

        private void succeeded(Channel connected) {
            if (finish()) {
                listener.connected(connected);
            } else {
                connected.close();
            }
        }

        private void timedOut() {
            failed("no connection within " + limits.connectTimeout().toMillis() + " ms", null);
        }

        private void failed(String why, @Nullable Throwable cause) {
            if (finish()) {
                if (channel != null) {
                    channel.close();
                }
                listener.notConnected(why, cause);
            }
        }

        private boolean finish() {
            boolean first = !done;
            done = true;
            if (first && timer != null) {
                timer.cancel();
            }
            return first;
        }
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            // The loop has ended, and with it every connection.
        }
    }
}
