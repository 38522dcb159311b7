package io.agenthub.mcp;

import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.spi.ConfigurationProvider;
import io.agenthub.mcp.internal.config.McpServersFile;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads files named {@code mcp-servers} format: {@code {"mcpServers": {...}}} as Claude Desktop and Cursor write it, {@code
 * {"servers": {...}}} as VS Code does, comments and trailing commas included.
 *
 * <p>Each server has {@code command}, {@code args}, {@code env}, {@code envFile}, {@code cwd}, or {@code url} and {@code
 * headers}; {@code type} and {@code disabled}; and an {@code agenthub} block with {@code start} ({@code eager} or {@code
 * on-demand}), {@code startTimeout}, {@code callTimeout}, {@code healthInterval}, {@code idleStop}, {@code limits}, {@code
 * restart}, {@code breaker}, {@code process}, {@code enhance} and what the bridge itself takes ({@code protocol}, {@code roots}, {@code
 * wrapper}, {@code inheritEnv}, {@code allowEnv}, {@code umask}, {@code transport}; {@code allowInsecure}, {@code caFile}, {@code
 * maxConnections}, {@code connectTimeout}). Beside the servers, an {@code agenthub} block holds {@code maxInFlight}, {@code
 * maxInFlightBytes}, {@code drainTimeout}, the parts {@code supervisor}, {@code enhancer}, {@code enhancementCache} and {@code
 * activity}, and any section for another reader, such as {@code gateway}.
 *
 * <p>A server's name is lower-cased, and each run of other characters than {@code a-z 0-9 _ -} becomes one {@code -}; two
 * servers of one name are an error. {@code ${NAME}}, {@code ${env:NAME}} and {@code ${NAME:-default}} are replaced in
 * {@code command}, {@code args}, {@code env}, {@code envFile}, {@code cwd}, {@code url}, {@code headers} and {@code
 * wrapper}. Keys that only a client reads ({@code autoApprove}, {@code alwaysAllow}, {@code timeout}, {@code dev}, …) are
 * passed over; any other unknown key is an error that names the nearest known one.
 */
public final class McpServersFileProvider implements ConfigurationProvider {

    /** Made by {@link java.util.ServiceLoader}. */
    public McpServersFileProvider() {}

    @Override
    public String name() {
        return "mcp-servers";
    }

    @Override
    public HubConfig read(Path file, Function<String, Optional<String>> variables) {
        return new McpServersFile(file, variables).read();
    }
}
