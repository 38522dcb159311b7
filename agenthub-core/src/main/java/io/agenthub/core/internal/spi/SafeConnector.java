package io.agenthub.core.internal.spi;

import io.agenthub.api.Promise;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.ConnectRequest;
import io.agenthub.api.bridge.Connector;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A connector that may be anybody's, and bridges of it that throw nothing but in their stages. A bridge that cannot even say who it is
 * fails the attempt. Thread-safe.
 */
public final class SafeConnector implements Connector {
    private final String part;
    private final Connector connector;

    /**
     * Guards a connector.
     *
     * @param server the server it connects to
     * @param connector the connector
     */
    public SafeConnector(String server, Connector connector) {
        this.part = "bridge of server '" + server + "'";
        this.connector = connector;
    }

    @Override
    public CompletionStage<Bridge> connect(ConnectRequest request) {
        return new Attempt(SafeStages.call(part, () -> connector.connect(request)));
    }

    @Override
    public CompletionStage<Void> settled() {
        return SafeStages.call(part, connector::settled);
    }

    /** Hands out the guarded bridge; one that comes after the attempt was given up is closed. */
    private final class Attempt extends Promise<Bridge> {
        private final CompletionStage<Bridge> stage;

        Attempt(CompletionStage<Bridge> stage) {
            super(Runnable::run);
            this.stage = stage;
            stage.whenComplete(this::ended);
        }

        private void ended(@Nullable Bridge bridge, @Nullable Throwable failure) {
            if (bridge == null) {
                fail(failure == null ? new NullPointerException("the connector answered null") : failure);
                return;
            }
            try {
                succeed(new SafeBridge(part, bridge));
            } catch (RuntimeException | Error e) {
                SafeStages.call(part, bridge::closeAsync);
                fail(e);
                return;
            }
            if (isCancelled()) {
                SafeStages.call(part, bridge::closeAsync);
            }
        }

        @Override
        protected void onCancel() {
            stage.toCompletableFuture().cancel(true);
        }
    }
}
