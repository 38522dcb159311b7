/**
 * Keeps activities in a database: one writer thread that commits whatever is waiting as one transaction, a few readers with
 * connections of their own, and a hash chain over everything that was written.
 *
 * <p>What is promised: appending never blocks and never fails a request; a full queue drops the activity, counts it, and keeps
 * the loss as an activity itself; the stage of an append completes after the commit; what was acknowledged survives a crash of
 * the process, and with {@code durability} {@code full} also a loss of power; readers see whole transactions.
 *
 * <p>Threads: {@code agenthub-store-writer} and {@code agenthub-store-reader-n} are daemons that block on the database and on
 * nothing else; everything public can be called from any thread. What it does not do: encrypt, replicate, or protect the
 * record from somebody who may write to the database and knows no head that was kept elsewhere.
 */
@NullMarked
package io.agenthub.store;

import org.jspecify.annotations.NullMarked;
