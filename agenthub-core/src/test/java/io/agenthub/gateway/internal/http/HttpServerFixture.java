package io.agenthub.gateway.internal.http;

import io.agenthub.core.HubResources;
import io.agenthub.gateway.internal.http.RawClient.Reply;
import io.agenthub.tck.Await;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;

/** A server with routes made for the test. */
abstract class HttpServerFixture {
    static final HttpLimits LIMITS = new HttpLimits(
            512,
            4_096,
            8_192,
            100,
            1 << 20,
            1 << 30,
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30));

    final HubResources resources = HubResources.builder().ioThreads(1).build();
    final List<Route> routes = new ArrayList<>();
    final AtomicInteger drained = new AtomicInteger();
    HttpServer server;
    InetSocketAddress address;

    void start() {
        start(resources.shared(EventLoopGroup.class).orElseThrow());
    }

    void start(EventLoopGroup loops) {
        make(loops);
        address = Await.value(server.bind(
                new InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 0),
                List.of(),
                bound -> new AccessRules(bound, List.of(), List.of(), null)));
    }

    void make(EventLoopGroup loops) {
        RouteGroup group = new RouteGroup() {
            @Override
            public List<Route> routes() {
                return routes;
            }

            @Override
            public void drain() {
                drained.incrementAndGet();
            }
        };
        server = new HttpServer(
                loops,
                resources.scheduler(),
                resources.callbackExecutor(),
                LIMITS,
                List.of(group),
                (failure, path) -> Response.json(
                        failure instanceof Refusal refusal ? refusal.status() : 500,
                        Map.of("failure", failure.getClass().getSimpleName())));
    }

    @AfterEach
    void close() {
        Await.value(server.close(Duration.ZERO));
        resources.close();
    }

    void route(String path, Handler handler) {
        routes.add(Route.of("GET", path, handler));
    }

    Reply get(String path) {
        try (RawClient client = new RawClient(address)) {
            return client.get(path).reply();
        }
    }

    static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
