/**
 * The cache of improved prompts, in memory only.
 *
 * <p>Thread-safe, never blocks; work is done on the threads of its callers and of the loads. It neither asks a model nor decides
 * what a prompt depends on.
 */
@NullMarked
package io.agenthub.core.internal.enhance;

import org.jspecify.annotations.NullMarked;
