package io.agenthub.api.spi;

import io.agenthub.api.Scheduler;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * What the hub lends to the parts it creates. Everything in it belongs to the hub and lives until the part is closed; a part
 * never closes any of it.
 */
public interface ProviderContext {

    /**
     * Time.
     *
     * @return the hub's scheduler
     */
    Scheduler scheduler();

    /**
     * Where the part completes the stages it returns.
     *
     * @return an executor, possibly {@code Runnable::run}
     */
    Executor executor();

    /**
     * Where the part may keep files.
     *
     * @return an existing folder that only this user can read, or empty if the hub has none
     */
    Optional<Path> dataDirectory();

    /**
     * A resource of the hub that has a type of its own, such as Netty's {@code EventLoopGroup}. A part that is not given one
     * makes its own, and then closes it.
     *
     * @param <T> the resource's type
     * @param type its class
     * @return the resource, or empty if the hub has none of that type
     */
    <T> Optional<T> shared(Class<T> type);
}
