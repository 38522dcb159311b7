/**
 * What a replaceable part implements: one small provider per kind of part, found by {@link java.util.ServiceLoader}.
 *
 * <p>A provider is looked up by its exact {@link io.agenthub.api.spi.Provider#name() name} when the hub is built, on the
 * thread that builds it. Its {@code create} runs at most once per part and hub, never on an event loop, does no I/O and must
 * not block; what it returns is started and closed by the hub, closed exactly once for each successful {@code create}. A
 * provider that cannot be instantiated is skipped with a warning; two of one name are an error that names both classes.
 */
@NullMarked
package io.agenthub.api.spi;

import org.jspecify.annotations.NullMarked;
