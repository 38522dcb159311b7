/**
 * The call pipeline: permit, ready server, bridge, outcome recorded. Runs on the caller's thread and on the thread an answer arrives on; never blocks.
 */
@NullMarked
package io.agenthub.core.internal.hub;

import org.jspecify.annotations.NullMarked;
