/**
 * What the tools of one server looked like when they were first seen, and what has become of them since. Fed with the lists that
 * pass; asks no server for anything. Kept in a file, if the hub has a folder for it. Thread-safe; never blocks, but for what runs
 * on the blocking executor.
 */
@NullMarked
package io.agenthub.core.internal.pinning;

import org.jspecify.annotations.NullMarked;
