/** Drives the published everything server over its pipes, as a client would, and checks each of its answers. */
@NullMarked
package io.agenthub.everything;

import org.jspecify.annotations.NullMarked;
