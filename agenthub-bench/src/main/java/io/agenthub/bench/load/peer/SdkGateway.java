package io.agenthub.bench.load.peer;

import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures;
import io.modelcontextprotocol.server.McpStatelessServerFeatures;
import io.modelcontextprotocol.server.transport.HttpServletStatelessServerTransport;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/**
 * The whole of the official MCP Java SDK: its server in an embedded Tomcat, with the tools of a child, which it calls through
 * its asynchronous client. What a team gets that assembles its gateway from the SDK.
 */
public final class SdkGateway {
    /*
     * Where there was a choice, the faster one was taken, but for sessions, which the report measures and which the face without them
     * does not have. Tomcat is what the SDK tests its servlets in. Connections are never
     * refused, nor closed for having been used often. The servlets hold a thread for each call until it is answered: a few that
     * are always there switch less than the 200 that Tomcat would start, and others wait where they cost nothing. Arguments are
     * left to the child to validate.
     */
    private static final Map<String, String> CONNECTOR = Map.of(
            "address", "127.0.0.1",
            "maxConnections", "16384",
            "acceptCount", "16384",
            "maxKeepAliveRequests", "-1",
            "tcpNoDelay", "true",
            "maxThreads", "32",
            "minSpareThreads", "32",
            "processorCache", "-1");

    private static final Logger TOMCAT = Logger.getLogger("org.apache");
    private static final String NAME = "sdk-gateway";
    private static final String VERSION = "1";

    /** A servlet of the SDK. */
    public enum Face {
        /** Streamable HTTP with sessions; each answer is a stream of one event. */
        SESSIONS {
            @Override
            Servlet servlet(String path, McpAsyncClient child, List<McpSchema.Tool> tools) {
                HttpServletStreamableServerTransportProvider servlet =
                        HttpServletStreamableServerTransportProvider.builder()
                                .mcpEndpoint(path)
                                .build();
                McpServer.async(servlet)
                        .serverInfo(NAME, VERSION)
                        .capabilities(capabilities())
                        .validateToolInputs(false)
                        .tools(tools.stream()
                                .map(tool -> new McpServerFeatures.AsyncToolSpecification(
                                        tool, (exchange, call) -> child.callTool(call)))
                                .toList())
                        .build();
                return servlet;
            }
        },

        /** Streamable HTTP without sessions; answers are plain JSON. */
        STATELESS {
            @Override
            Servlet servlet(String path, McpAsyncClient child, List<McpSchema.Tool> tools) {
                HttpServletStatelessServerTransport servlet = HttpServletStatelessServerTransport.builder()
                        .messageEndpoint(path)
                        .build();
                McpServer.async(servlet)
                        .serverInfo(NAME, VERSION)
                        .capabilities(capabilities())
                        .validateToolInputs(false)
                        .tools(tools.stream()
                                .map(tool -> new McpStatelessServerFeatures.AsyncToolSpecification(
                                        tool, (context, call) -> child.callTool(call)))
                                .toList())
                        .build();
                return servlet;
            }
        };

        /** A server with a child's tools. */
        abstract Servlet servlet(String path, McpAsyncClient child, List<McpSchema.Tool> tools);
    }

    private SdkGateway() {}

    /**
     * Listens until the process is ended.
     *
     * @param face what it speaks
     * @param port where, on the loopback address
     * @param children how many children: {@code /mcp/stub0} and so on
     * @param command what each child runs
     * @throws LifecycleException if it cannot listen
     */
    public static void listen(Face face, int port, int children, List<String> command) throws LifecycleException {
        // Before the SDK asks for its first logger.
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
        TOMCAT.setLevel(Level.WARNING);
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(folder().toString());
        tomcat.setPort(port);
        Connector connector = tomcat.getConnector();
        connector.setThrowOnFailure(true);
        CONNECTOR.forEach(connector::setProperty);
        Context context = tomcat.addContext("", null);
        for (int i = 0; i < children; i++) {
            serve(context, face, "/mcp/stub" + i, SdkClient.connect(command, TurnTakingTransport::new));
        }
        tomcat.start();
        tomcat.getServer().await();
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("agenthub-bench-tomcat");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void serve(Context context, Face face, String path, McpAsyncClient child) {
        List<McpSchema.Tool> tools =
                Objects.requireNonNull(child.listTools().block()).tools();
        Wrapper wrapper = Tomcat.addServlet(context, path, face.servlet(path, child, tools));
        wrapper.setAsyncSupported(true);
        wrapper.setLoadOnStartup(1);
        context.addServletMapping(path, path);
    }

    private static McpSchema.ServerCapabilities capabilities() {
        return McpSchema.ServerCapabilities.builder().tools(false).build();
    }
}
