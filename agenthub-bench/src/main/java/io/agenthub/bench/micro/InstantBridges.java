package io.agenthub.bench.micro;

import io.agenthub.api.Promise;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.BridgeStats;
import io.agenthub.api.bridge.CallContext;
import io.agenthub.api.bridge.Connector;
import io.agenthub.api.bridge.ServerInfo;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.spi.BridgeProvider;
import io.agenthub.api.spi.ProviderContext;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Bridges named {@code instant} that answer on the spot, so that only the hub is measured. */
final class InstantBridges implements BridgeProvider {
    static final RpcOutcome ANSWER =
            new RpcResult(JsonText.of("{\"content\":[{\"type\":\"text\",\"text\":\"hello\"}]}"));

    @Override
    public String name() {
        return "instant";
    }

    @Override
    public Connector create(ServerSpec spec, ProviderContext context) {
        return request -> Promise.succeeded(new Instant());
    }

    /** Answers at once. */
    static final class Instant implements Bridge {
        private final Promise<BridgeExit> closed = new Promise<>(Runnable::run);

        @Override
        public ServerInfo info() {
            return new ServerInfo(
                    "2025-11-25", "instant", "1", JsonText.EMPTY_OBJECT, Optional.empty(), JsonText.EMPTY_OBJECT);
        }

        @Override
        public CompletionStage<RpcOutcome> request(String method, @Nullable JsonText params, CallContext context) {
            context.tryDispatch();
            return Promise.succeeded(ANSWER);
        }

        @Override
        public CompletionStage<Void> notify(String method, @Nullable JsonText params) {
            return Promise.done();
        }

        @Override
        public CompletionStage<BridgeExit> whenClosed() {
            return closed;
        }

        @Override
        public BridgeStats stats() {
            return new BridgeStats(OptionalLong.empty(), 0, 0, 0, 0, 0, 0, 0);
        }

        @Override
        public CompletionStage<Void> closeAsync() {
            closed.succeed(BridgeExit.of(BridgeExit.Cause.REQUESTED, "closed"));
            return Promise.done();
        }
    }
}
