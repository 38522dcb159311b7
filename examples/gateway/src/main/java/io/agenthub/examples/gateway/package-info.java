/**
 * The runnable gateway: command line, configuration, wiring, banner, signals; and a demo MCP server to begin with.
 *
 * <p>An application, not a library: it prints, it ends its JVM, and it chooses where logs go.
 */
@NullMarked
package io.agenthub.examples.gateway;

import org.jspecify.annotations.NullMarked;
