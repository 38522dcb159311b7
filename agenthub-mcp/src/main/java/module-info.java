/** Bridges to MCP servers and the configuration files that name them. */
module io.agenthub.mcp {
    requires com.fasterxml.jackson.core;
    requires transitive io.agenthub.api;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;
    requires org.slf4j;
    requires static org.jspecify;

    exports io.agenthub.mcp;

    provides io.agenthub.api.spi.BridgeProvider with
            io.agenthub.mcp.HttpBridgeProvider,
            io.agenthub.mcp.StdioBridgeProvider;
    provides io.agenthub.api.spi.ConfigurationProvider with
            io.agenthub.mcp.McpServersFileProvider;
}
