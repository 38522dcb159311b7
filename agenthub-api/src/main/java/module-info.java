/**
 * The contracts of AgentHub: what an embedder calls, and what a provider of a part implements.
 *
 * <p>No runtime dependency. The stage contract every asynchronous operation keeps is written down once, in {@link
 * io.agenthub.api}.
 */
module io.agenthub.api {
    requires static transitive org.jspecify;

    exports io.agenthub.api;
    exports io.agenthub.api.activity;
    exports io.agenthub.api.breaker;
    exports io.agenthub.api.bridge;
    exports io.agenthub.api.enhance;
    exports io.agenthub.api.hub;
    exports io.agenthub.api.monitor;
    exports io.agenthub.api.rpc;
    exports io.agenthub.api.server;
    exports io.agenthub.api.spi;
}
