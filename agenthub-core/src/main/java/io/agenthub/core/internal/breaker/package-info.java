/**
 * Circuit breakers driven by hand: permits are taken and given back explicitly, on whatever thread a call begins and ends.
 */
@NullMarked
package io.agenthub.core.internal.breaker;

import org.jspecify.annotations.NullMarked;
