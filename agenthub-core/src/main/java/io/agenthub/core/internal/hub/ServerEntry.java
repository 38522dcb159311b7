package io.agenthub.core.internal.hub;

import io.agenthub.api.server.ManagedServer;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.core.internal.breaker.CallBreaker;

/**
 * A server and what guards it; replaced whole when its configuration changes.
 *
 * @param managed the server under supervision
 * @param breaker its breaker
 */
record ServerEntry(ManagedServer managed, CallBreaker breaker) {
    ServerSpec spec() {
        return managed.spec();
    }
}
