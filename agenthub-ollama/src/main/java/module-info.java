/** Local models: a client for Ollama, and the prompt enhancer built on it. */
module io.agenthub.ollama {
    requires transitive io.agenthub.api;
    requires static transitive org.jspecify;
    requires io.github.resilience4j.circuitbreaker;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires org.slf4j;

    exports io.agenthub.ollama;

    provides io.agenthub.api.spi.EnhancerProvider with
            io.agenthub.ollama.OllamaEnhancerProvider;
}
