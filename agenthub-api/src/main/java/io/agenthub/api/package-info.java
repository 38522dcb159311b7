/**
 * What every part of AgentHub shares: the stage contract, the error family, closing, and time.
 *
 * <h2>The stage contract</h2>
 *
 * Every asynchronous operation in this library keeps these sentences; the TCK has a test for each.
 *
 * <ol>
 *   <li>An operation returns a {@link java.util.concurrent.CompletionStage} that the hub alone completes: {@code
 *       complete}, {@code completeExceptionally} and the {@code obtrude} methods of its future refuse with {@link
 *       java.lang.UnsupportedOperationException}.
 *   <li>A failure arrives unwrapped at the first dependent: the {@link io.agenthub.api.AgentHubException} itself, never
 *       inside a {@link java.util.concurrent.CompletionException}.
 *   <li>A stage completes on the callback executor (a daemon pool unless the embedder passed its own; {@code
 *       Runnable::run} opts out), or on the caller's thread when it is complete already or when the caller cancels it. It
 *       never completes on an event loop, a pipe thread or the control thread, unless the embedder opted out.
 *   <li>An operation throws synchronously only {@link java.lang.NullPointerException} and {@link
 *       java.lang.IllegalArgumentException}. Everything else arrives in the stage, also when a third-party part throws or
 *       returns {@code null}.
 *   <li>{@code stage.toCompletableFuture().cancel(true)} is real: the private id is freed, the server is told with {@code
 *       notifications/cancelled}, the breaker permit is given back and counts neither as success nor as failure, and the
 *       slot is free.
 *   <li>Every call has a deadline, its own or the documented default of 30 seconds. An answer that comes later is an
 *       <em>orphan</em>: counted, dropped, never delivered to another call.
 *   <li>{@link io.agenthub.api.AsyncCloseable#closeAsync()} is idempotent and bounded, and returns the same stage each
 *       time. {@link io.agenthub.api.AsyncCloseable#close()} waits for it and refuses to run on a {@link
 *       io.agenthub.api.HubThread}.
 * </ol>
 *
 * <p>Null arguments are refused with {@link java.lang.NullPointerException} unless marked {@code @Nullable}.
 */
@NullMarked
package io.agenthub.api;

import org.jspecify.annotations.NullMarked;
