/**
 * Shows a hub's monitor in a Micrometer registry. Measures nothing itself and needs no thread: meters read a snapshot of the hub
 * when the registry asks them.
 *
 * <p>The one package of AgentHub whose public signatures name another library's type, since that is what it is for; a module of
 * its own, so that nobody who does not want Micrometer gets it.
 */
@NullMarked
package io.agenthub.micrometer;

import org.jspecify.annotations.NullMarked;
