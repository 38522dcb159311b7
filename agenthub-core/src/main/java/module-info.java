/** The hub and its gateway. */
module io.agenthub.core {
    requires transitive io.agenthub.api;
    requires static transitive org.jspecify;
    requires com.github.benmanes.caffeine;
    requires io.github.resilience4j.circuitbreaker;
    requires io.github.resilience4j.core;
    requires static transitive micrometer.core;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires org.slf4j;
    requires static java.management;
    requires static jdk.jfr;

    exports io.agenthub.core;
    exports io.agenthub.core.micrometer;
    exports io.agenthub.gateway;

    uses io.agenthub.api.spi.ActivityStoreProvider;
    uses io.agenthub.api.spi.BridgeProvider;
    uses io.agenthub.api.spi.ConfigurationProvider;
    uses io.agenthub.api.spi.EnhancementCacheProvider;
    uses io.agenthub.api.spi.EnhancerProvider;
    uses io.agenthub.api.spi.SupervisorProvider;

    provides io.agenthub.api.spi.ActivityStoreProvider with
            io.agenthub.core.internal.parts.NoActivityStoreProvider;
    provides io.agenthub.api.spi.EnhancementCacheProvider with
            io.agenthub.core.internal.enhance.CaffeineEnhancementCacheProvider;
    provides io.agenthub.api.spi.EnhancerProvider with
            io.agenthub.core.internal.parts.PassThroughEnhancerProvider;
    provides io.agenthub.api.spi.SupervisorProvider with
            io.agenthub.core.internal.supervise.BackoffSupervisorProvider;
}
