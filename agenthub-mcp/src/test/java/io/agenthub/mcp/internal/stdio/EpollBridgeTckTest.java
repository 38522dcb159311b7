package io.agenthub.mcp.internal.stdio;

import io.agenthub.api.bridge.Connector;
import io.agenthub.api.server.ServerLimits;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.spi.ProviderContext;
import io.agenthub.tck.FakeMcpServer;
import io.agenthub.tck.ProcessBridgeTck;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The contract of bridges, kept over pipes that an epoll loop drives. */
@EnabledOnOs(OS.LINUX)
class EpollBridgeTckTest extends ProcessBridgeTck {
    private final StdioBridges bridges = new StdioBridges();

    @Override
    protected Connector connector(ProviderContext context, ServerLimits limits, String... modes) {
        ServerSpec spec = ServerSpec.stdio(SERVER, FakeMcpServer.command(modes))
                .setting("roots", "forward")
                .setting("transport", "epoll")
                .limits(limits)
                .build();
        return bridges.connector(spec, context);
    }
}
