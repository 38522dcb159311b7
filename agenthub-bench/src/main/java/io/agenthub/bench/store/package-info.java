/**
 * What the activity store costs and holds: programs that print their figures, each with its own {@code main}.
 *
 * <p>They use the public doors alone and keep their files in a folder that is named, or made and removed.
 */
@NullMarked
package io.agenthub.bench.store;

import org.jspecify.annotations.NullMarked;
