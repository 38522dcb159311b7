package io.agenthub.examples.gateway;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapperSupplier;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The official Java SDK's client in a session with one endpoint: a user who fills in forms, and a model that knows the answer. */
final class SdkClient implements AutoCloseable {
    static final String ANSWER = "forty-two";

    final List<McpSchema.ElicitFormRequest> elicited = new CopyOnWriteArrayList<>();
    final List<McpSchema.CreateMessageRequest> sampled = new CopyOnWriteArrayList<>();
    /** As its transport received them: the SDK hands notifications to its threads, which may overtake one another. */
    final List<Map<?, ?>> progress = new CopyOnWriteArrayList<>();
    /** As its user is told. */
    final List<McpSchema.ProgressNotification> told = new CopyOnWriteArrayList<>();

    final List<String> updated = new CopyOnWriteArrayList<>();
    final McpSyncClient mcp;
    private final ObservedTransport transport;

    SdkClient(URI gateway, String path) {
        transport = new ObservedTransport(HttpClientStreamableHttpTransport.builder(gateway.toString())
                .endpoint(path)
                .jsonMapper(new JacksonMcpJsonMapperSupplier().get())
                .build());
        mcp = McpClient.sync(transport)
                .clientInfo(
                        McpSchema.Implementation.builder("java-sdk", "2.1.0").build())
                .capabilities(McpSchema.ClientCapabilities.builder()
                        .elicitation()
                        .sampling()
                        .build())
                .requestTimeout(Duration.ofSeconds(60))
                .elicitation(this::elicit)
                .sampling(this::sample)
                .progressConsumer(told::add)
                .resourcesUpdateConsumer(contents -> contents.forEach(content -> updated.add(content.uri())))
                .build();
        mcp.initialize();
    }

    private McpSchema.ElicitResult elicit(McpSchema.ElicitFormRequest form) {
        elicited.add(form);
        String field = form.requestedSchema().toString().contains("response") ? "response" : "name";
        return McpSchema.ElicitResult.builder(McpSchema.ElicitResult.Action.ACCEPT)
                .content(Map.of(field, ANSWER))
                .build();
    }

    private McpSchema.CreateMessageResult sample(McpSchema.CreateMessageRequest request) {
        sampled.add(request);
        return McpSchema.CreateMessageResult.builder(McpSchema.Role.ASSISTANT, ANSWER, "none")
                .build();
    }

    /** Says that the call sent last is not wanted any more. The SDK knows no such thing, but its transport carries it. */
    void cancelLastCall() {
        transport
                .sendMessage(new McpSchema.JSONRPCNotification(
                        "notifications/cancelled", Map.of("requestId", transport.lastCall())))
                .block(Duration.ofSeconds(10));
    }

    /** All text of a result. */
    static String text(McpSchema.CallToolResult result) {
        StringBuilder text = new StringBuilder();
        for (McpSchema.Content content : result.content()) {
            if (content instanceof McpSchema.TextContent part) {
                text.append(part.text());
            }
        }
        return text.toString();
    }

    @Override
    public void close() {
        mcp.closeGracefully();
    }

    /** A transport that notes under which id a tool was called last, and what progress it receives. */
    private final class ObservedTransport implements McpClientTransport {
        private final McpClientTransport transport;
        private volatile @Nullable Object lastCall;

        ObservedTransport(McpClientTransport transport) {
            this.transport = transport;
        }

        Object lastCall() {
            Object id = lastCall;
            if (id == null) {
                throw new IllegalStateException("no tool was called");
            }
            return id;
        }

        @Override
        public Mono<Void> connect(Function<Mono<McpSchema.JSONRPCMessage>, Mono<McpSchema.JSONRPCMessage>> handler) {
            return transport.connect(message -> handler.apply(message.doOnNext(this::received)));
        }

        private void received(McpSchema.JSONRPCMessage message) {
            if (message instanceof McpSchema.JSONRPCNotification notification
                    && notification.method().equals("notifications/progress")
                    && notification.params() instanceof Map<?, ?> params) {
                progress.add(params);
            }
        }

        @Override
        public Mono<Void> sendMessage(McpSchema.JSONRPCMessage message) {
            if (message instanceof McpSchema.JSONRPCRequest request
                    && request.method().equals("tools/call")) {
                lastCall = request.id();
            }
            return transport.sendMessage(message);
        }

        @Override
        public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
            return transport.unmarshalFrom(data, type);
        }

        @Override
        public List<String> protocolVersions() {
            return transport.protocolVersions();
        }

        @Override
        public Mono<Void> closeGracefully() {
            return transport.closeGracefully();
        }
    }
}
