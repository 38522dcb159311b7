package io.agenthub.core;

import io.agenthub.api.bridge.Connector;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.spi.BridgeProvider;
import io.agenthub.api.spi.ProviderContext;
import io.agenthub.tck.FakeConnector;
import io.agenthub.tck.TckContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Bridges that live in this JVM, under the name {@code fake}. */
final class FakeBridgeProvider implements BridgeProvider {
    private final Map<String, FakeConnector> connectors = new ConcurrentHashMap<>();
    private final TckContext context = TckContext.real(Runnable::run);

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public Connector create(ServerSpec spec, ProviderContext ignored) {
        return connector(spec.name());
    }

    FakeConnector connector(String server) {
        return connectors.computeIfAbsent(server, name -> new FakeConnector(name, context));
    }
}
