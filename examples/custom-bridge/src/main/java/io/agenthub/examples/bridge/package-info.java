/** A bridge of one's own: MCP servers in containers. One class and one line in {@code META-INF/services}. */
@NullMarked
package io.agenthub.examples.bridge;

import org.jspecify.annotations.NullMarked;
