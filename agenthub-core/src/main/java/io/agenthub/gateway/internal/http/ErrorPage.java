package io.agenthub.gateway.internal.http;

/** Makes the answer to a request that failed. The one place that turns exceptions into HTTP. */
@FunctionalInterface
public interface ErrorPage {

    /**
     * Renders a failure.
     *
     * @param failure a {@link Refusal}, a hub error, or anything a handler threw
     * @param path the path of the request; empty if it could not be read
     * @return the answer; never a stack trace
     */
    Response render(Throwable failure, String path);
}
