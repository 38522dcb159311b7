package io.agenthub.examples.bridge;

import io.agenthub.api.Settings;
import io.agenthub.api.bridge.Connector;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.spi.BridgeProvider;
import io.agenthub.api.spi.ProviderContext;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * The bridge {@code container}: runs an MCP server as {@code docker run -i --rm IMAGE ARGS…} and speaks stdio with it.
 *
 * <p>Settings: {@code image} (required), {@code args} (for the server), {@code engine} (the command, default {@code docker}). The
 * pipes, the handshake and the process tree are the business of the bridge {@code stdio}, which is found like any other.
 */
public final class ContainerBridgeProvider implements BridgeProvider {

    /** Called by the service loader. */
    public ContainerBridgeProvider() {}

    @Override
    public String name() {
        return "container";
    }

    @Override
    public Connector create(ServerSpec spec, ProviderContext context) {
        Settings settings = spec.settings();
        settings.allowOnly(Set.of("image", "args", "engine"));
        List<String> arguments = new ArrayList<>(List.of("run", "-i", "--rm", settings.requiredString("image")));
        arguments.addAll(settings.strings("args"));
        ServerSpec stdio = ServerSpec.builder(spec.name(), "stdio")
                .setting("command", settings.string("engine").orElse("docker"))
                .setting("args", arguments)
                .startTimeout(spec.startTimeout())
                .limits(spec.limits())
                .build();
        return provider("stdio").create(stdio, context);
    }

    private static BridgeProvider provider(String name) {
        return ServiceLoader.load(BridgeProvider.class, ContainerBridgeProvider.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .filter(found -> found.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("agenthub-mcp is not on the class path"));
    }
}
