/**
 * The record of what happened: who asked which server for what, how it ended and how long it took.
 *
 * <p>Metadata only, unless an embedder chooses otherwise. Times are UTC; the order of records is their sequence, not their
 * time.
 */
@NullMarked
package io.agenthub.api.activity;

import org.jspecify.annotations.NullMarked;
