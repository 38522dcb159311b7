package io.agenthub.mcp.internal.streamable;

import io.agenthub.api.bridge.Connector;
import io.agenthub.api.server.ServerLimits;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.spi.ProviderContext;
import io.agenthub.tck.BridgeTck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** The contract of bridges, kept over HTTP with a server that has sessions. */
class StreamableBridgeTckTest extends BridgeTck {
    private final StreamableBridges bridges = new StreamableBridges();
    private final List<AutoCloseable> servers = new ArrayList<>();

    @Override
    protected Connector connector(ProviderContext context, ServerLimits limits, String... modes) {
        ProcessFace face = new ProcessFace(modes);
        try {
            FakeHttp http = new FakeHttp(face);
            servers.add(face);
            servers.add(http);
            ServerSpec spec = ServerSpec.builder(SERVER, "http")
                    .setting("url", http.url())
                    .setting("roots", "forward")
                    .limits(limits)
                    .build();
            return bridges.connector(spec, context);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void endServers() throws Exception {
        for (AutoCloseable server : servers) {
            server.close();
        }
    }
}
