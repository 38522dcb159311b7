package io.agenthub.gateway;

import io.agenthub.api.Scheduler;
import io.agenthub.core.HubResources;
import io.agenthub.gateway.internal.http.RawClient;
import io.agenthub.gateway.internal.http.RawClient.Reply;
import io.agenthub.tck.Await;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A gateway on a free port before a fake hub with the servers {@code one} and {@code two}. */
final class GatewayHarness implements AutoCloseable {
    final FakeHub hub = new FakeHub();
    final FakeServer one = hub.add("one");
    final FakeServer two = hub.add("two");
    final HubResources resources = HubResources.builder().ioThreads(2).build();
    final Gateway gateway;
    final InetSocketAddress address;
    private final List<RawClient> clients = new ArrayList<>();

    private GatewayHarness(GatewayConfig config, Scheduler scheduler) {
        gateway = new Gateway(
                hub,
                config,
                resources.shared(EventLoopGroup.class).orElseThrow(),
                scheduler == null ? resources.scheduler() : scheduler,
                resources.callbackExecutor());
        address = Await.value(gateway.start());
    }

    static GatewayHarness open() {
        return open(builder -> builder);
    }

    static GatewayHarness open(UnaryOperator<GatewayConfig.Builder> change) {
        return open(change, null);
    }

    /** With a scheduler of the test's own; null means real time. */
    static GatewayHarness open(UnaryOperator<GatewayConfig.Builder> change, Scheduler scheduler) {
        return new GatewayHarness(change.apply(GatewayConfig.builder().port(0)).build(), scheduler);
    }

    RawClient client() {
        RawClient client = new RawClient(address);
        clients.add(client);
        return client;
    }

    /** On a connection of its own. */
    Reply post(String path, String body, String... headers) {
        return post(path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    /** On a connection of its own; the body is JSON, or nothing. */
    Reply post(String path, byte[] body, String... headers) {
        try (RawClient client = new RawClient(address)) {
            StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: " + host() + "\r\n");
            for (String header : headers) {
                head.append(header).append("\r\n");
            }
            if (body.length > 0) {
                head.append("Content-Type: application/json\r\nContent-Length: ")
                        .append(body.length)
                        .append("\r\n");
            }
            return client.send(head + "\r\n").send(body).reply();
        }
    }

    String host() {
        return "127.0.0.1:" + address.getPort();
    }

    @Override
    public void close() {
        clients.forEach(RawClient::close);
        gateway.closeAsync();
        resources.close();
    }
}
