package io.agenthub.mcp;

import io.agenthub.api.bridge.Connector;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.spi.BridgeProvider;
import io.agenthub.api.spi.ProviderContext;
import io.agenthub.mcp.internal.stdio.StdioBridges;

/**
 * Bridges named {@code stdio}: each server is a child process that speaks MCP on its standard streams.
 *
 * <p>Settings:
 *
 * <ul>
 *   <li>{@code command} (required): the program, a path or a name looked up once in the child's {@code PATH}. A missing
 *       program fails each start with {@link io.agenthub.api.bridge.ConnectException}, not the hub.
 *   <li>{@code args}: a list of arguments. No shell is involved.
 *   <li>{@code env}: variables for the child. Beside these it sees {@code PATH HOME USER LOGNAME SHELL TERM LANG LC_*
 *       TMPDIR TZ} of the hub and nothing else.
 *   <li>{@code inheritEnv}: names of more variables to pass on.
 *   <li>{@code allowEnv}: names of variables that make programs load other code, such as {@code LD_PRELOAD} or {@code
 *       NODE_OPTIONS}; without being named here they are refused in {@code env} and {@code inheritEnv}.
 *   <li>{@code cwd}: the working directory; default that of the hub.
 *   <li>{@code wrapper}: an argv put in front of the command, such as a sandbox.
 *   <li>{@code umask}: the permissions that files the server makes do not get, in octal; default {@code 077}.
 *   <li>{@code protocol}: which era of MCP the server is spoken to in. {@code auto} (default) asks it with {@code
 *       server/discover}, as a stateless server (2026-07-28) would be, and takes it for one of the older revisions if it
 *       refuses, ends, or says nothing for 2 s; what was found out is kept for the next start, that a server is of the older
 *       revisions for 10 min. {@code legacy} only ever sends {@code initialize}, {@code modern} never does.
 *   <li>{@code roots}: {@code refuse} (default) or {@code forward}: whether the server may learn the client's roots.
 *   <li>{@code transport}: {@code auto} (default), {@code epoll} or {@code threads}: how the pipes are driven.
 *   <li>{@code type}: {@code stdio}, if given.
 * </ul>
 *
 * <p>A resource of type Netty {@code EventLoopGroup} is used if the hub lends one; otherwise one event loop is made with the
 * first child and ended with the last. On Linux a small shell process is kept for as long as there are children: should
 * this JVM be killed, it kills what the JVM can no longer end.
 */
public final class StdioBridgeProvider implements BridgeProvider {
    private final StdioBridges bridges = new StdioBridges();

    /** Made by {@link java.util.ServiceLoader}. */
    public StdioBridgeProvider() {}

    @Override
    public String name() {
        return "stdio";
    }

    @Override
    public Connector create(ServerSpec spec, ProviderContext context) {
        return bridges.connector(spec, context);
    }
}
