/**
 * What the tools of one server looked like when they were first seen, and what has become of them since. Fed with the lists that
 * pass; asks no server for anything. Thread-safe; never blocks.
 */
@NullMarked
package io.agenthub.core.internal.pinning;

import org.jspecify.annotations.NullMarked;
