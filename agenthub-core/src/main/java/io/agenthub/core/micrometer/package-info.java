/**
 * Shows a hub's monitor in a Micrometer registry. Measures nothing itself and needs no thread: meters read a snapshot of the hub
 * when the registry asks them.
 *
 * <p>The one package of AgentHub whose public signatures name another library's type, since that is what it is for. Micrometer is an
 * optional dependency: an application that uses this package brings {@code io.micrometer:micrometer-core} itself, and nothing else
 * in the hub names it.
 */
@NullMarked
package io.agenthub.core.micrometer;

import org.jspecify.annotations.NullMarked;
