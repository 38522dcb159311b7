/**
 * Finds the providers of parts by name and keeps their faults from spreading.
 */
@NullMarked
package io.agenthub.core.internal.spi;

import org.jspecify.annotations.NullMarked;
