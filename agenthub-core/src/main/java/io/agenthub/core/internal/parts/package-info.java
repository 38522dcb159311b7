/**
 * The parts that do nothing, for hubs that choose none: complete in themselves, never block, keep no state.
 */
@NullMarked
package io.agenthub.core.internal.parts;

import org.jspecify.annotations.NullMarked;
