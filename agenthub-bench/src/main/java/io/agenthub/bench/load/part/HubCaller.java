package io.agenthub.bench.load.part;

import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.hub.PartChoice;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.StartMode;
import io.agenthub.core.AgentHub;
import io.agenthub.core.HubBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Calls through a hub in this process. Thread-safe. */
final class HubCaller implements Slots.Caller, AutoCloseable {
    private final Hub hub;
    private final McpServer server;
    private final List<JsonText> params;
    private final List<JsonText> answers;
    private final CallOptions options;

    private HubCaller(Hub hub, List<JsonText> params, List<JsonText> answers, CallOptions options) {
        this.hub = hub;
        this.server = hub.server("stub");
        this.params = params;
        this.answers = answers;
        this.options = options;
    }

    /**
     * Starts a hub with one stub server.
     *
     * @param command starts the server
     * @param transport how its pipes are driven
     * @param activity the name of the activity store
     * @param arguments the tool and its further arguments, as the inside of a JSON object
     */
    static HubCaller start(List<String> command, String transport, String activity, Call arguments, int slots)
            throws IOException {
        Path data = Files.createTempDirectory("agenthub-bench");
        HubBuilder builder = AgentHub.builder()
                .dataDirectory(data)
                .config(HubConfig.builder().activity(PartChoice.of(activity)).build())
                .server(ServerSpec.stdio("stub", command.toArray(String[]::new))
                        .setting("transport", transport)
                        .start(StartMode.EAGER)
                        .build());
        Hub hub = builder.build();
        hub.start().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
        return new HubCaller(
                hub,
                IntStream.range(0, slots).mapToObj(arguments::params).toList(),
                IntStream.range(0, slots).mapToObj(Call::answer).toList(),
                CallOptions.DEFAULT);
    }

    /** What is called. */
    record Call(String tool, String arguments) {
        static final Call ECHO = new Call("echo", "");

        static Call delay(int millis) {
            return new Call("delay", "\"ms\":" + millis + ",");
        }

        JsonText params(int slot) {
            return JsonText.of(
                    "{\"name\":\"" + tool + "\",\"arguments\":{" + arguments + "\"message\":\"" + text(slot) + "\"}}");
        }

        static JsonText answer(int slot) {
            return JsonText.of("{\"content\":[{\"type\":\"text\",\"text\":\"" + text(slot) + "\"}]}");
        }

        static String text(int slot) {
            return "m-" + slot + "-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        }
    }

    /** The same hub, completing its stages elsewhere. */
    HubCaller on(Executor executor) {
        return new HubCaller(hub, params, answers, options.withExecutor(executor));
    }

    @Override
    public void call(int slot, Slots.Done done) {
        server.request("tools/call", params.get(slot), options)
                .whenComplete((outcome, failure) -> done.done(isRight(slot, outcome)));
    }

    /** Makes a call and blocks until it is answered. */
    boolean callAndWait(int slot) {
        return isRight(
                slot,
                server.request("tools/call", params.get(slot), options)
                        .toCompletableFuture()
                        .join());
    }

    private boolean isRight(int slot, @Nullable RpcOutcome outcome) {
        return outcome instanceof RpcResult result && result.value().equals(answers.get(slot));
    }

    @Override
    public void close() {
        hub.close();
    }
}
