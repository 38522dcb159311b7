package io.agenthub.bench.load.peer;

import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The official MCP Java SDK's asynchronous client behind the HTTP front of the other peers, which the SDK does not have: its
 * client alone. The SDK's own JSON mapper reads the requests and writes the answers. For the whole of the SDK see {@link
 * SdkGateway}.
 */
public final class SdkProxy {
    private final McpJsonMapper json = McpJsonDefaults.getMapper();
    private final List<McpAsyncClient> clients = new ArrayList<>();

    private SdkProxy() {}

    /**
     * Listens until the process is ended.
     *
     * @param port where, on the loopback address
     * @param children how many children: {@code /mcp/stub0} and so on
     * @param command what each child runs
     */
    public static void listen(int port, int children, List<String> command) {
        SdkProxy proxy = new SdkProxy();
        for (int i = 0; i < children; i++) {
            proxy.clients.add(SdkClient.connect(command, StdioClientTransport::new));
        }
        HttpFront.listen(
                new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()),
                EpollServerSocketChannel.class,
                port,
                proxy::call);
    }

    private void call(Channel connection, String path, ByteBuf body) {
        try {
            McpSchema.JSONRPCRequest request =
                    json.readValue(ByteBufUtil.getBytes(body), McpSchema.JSONRPCRequest.class);
            McpSchema.CallToolRequest call = json.convertValue(request.params(), McpSchema.CallToolRequest.class);
            clients.get(Paths.child(path))
                    .callTool(call)
                    .subscribe(
                            result -> answer(connection, McpSchema.JSONRPCResponse.result(request.id(), result)),
                            failure -> connection.close());
        } catch (IOException e) {
            connection.close();
        }
    }

    private void answer(Channel connection, McpSchema.JSONRPCResponse response) {
        try {
            HttpFront.write(connection, Unpooled.wrappedBuffer(json.writeValueAsBytes(response)));
            connection.flush();
        } catch (IOException e) {
            connection.close();
        }
    }
}
