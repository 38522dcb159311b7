package io.agenthub.examples.gateway;

import io.agenthub.api.hub.Hub;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.core.AgentHub;
import io.agenthub.core.HubBuilder;
import io.agenthub.core.HubResources;
import io.agenthub.gateway.Gateway;
import io.agenthub.gateway.GatewayConfig;
import io.agenthub.tck.Await;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A hub and its gateway on a free port, and a client of it. */
final class RunningGateway implements AutoCloseable {
    final HubResources resources = HubResources.create();
    final Hub hub;
    final Gateway gateway;
    final URI address;
    final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    RunningGateway(UnaryOperator<HubBuilder> servers) {
        this(servers, GatewayConfig.builder().port(0).build());
    }

    RunningGateway(UnaryOperator<HubBuilder> servers, GatewayConfig config) {
        hub = servers.apply(AgentHub.builder().resources(resources)).build();
        Await.value(hub.start());
        gateway = Gateway.builder(hub, resources).config(config).build();
        InetSocketAddress bound = Await.value(gateway.start());
        address = URI.create("http://127.0.0.1:" + bound.getPort());
    }

    CompletableFuture<HttpResponse<String>> post(String path, String body) {
        return client.sendAsync(
                HttpRequest.newBuilder(address.resolve(path))
                        .header("Content-Type", "application/json")
                        .timeout(Duration.ofSeconds(60))
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    JsonText get(String path) {
        HttpResponse<String> response = Await.value(
                client.sendAsync(HttpRequest.newBuilder(address.resolve(path)).build(), BodyHandlers.ofString()));
        return JsonText.of(response.body());
    }

    /** One JSON-RPC request by the plain proxy; answers the whole response message. */
    JsonText rpc(String server, String id, String method, @Nullable Object params) {
        Map<String, @Nullable Object> request = new java.util.LinkedHashMap<>();
        request.put("jsonrpc", "2.0");
        request.put("id", JsonText.of(id));
        request.put("method", method);
        if (params != null) {
            request.put("params", params);
        }
        HttpResponse<String> response = Await.value(
                post("/mcp/" + server + "/" + method, JsonText.ofValue(request).toString()));
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        return JsonText.of(response.body());
    }

    JsonText callTool(String server, String tool, Map<String, ?> arguments) {
        JsonText response = rpc(server, "1", "tools/call", Map.of("name", tool, "arguments", arguments));
        return response.member("result").orElseThrow(() -> new AssertionError(response));
    }

    static String text(JsonText toolResult) {
        return toolResult
                .at("/content/0/text")
                .flatMap(JsonText::string)
                .orElseThrow(() -> new AssertionError(toolResult));
    }

    @Override
    public void close() {
        gateway.close();
        hub.close();
        resources.close();
    }
}
