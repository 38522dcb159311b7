/** The smallest useful program with a hub in it. */
@NullMarked
package io.agenthub.examples.quickstart;

import org.jspecify.annotations.NullMarked;
