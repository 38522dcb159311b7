/**
 * The way in: {@link io.agenthub.core.AgentHub#builder()} puts a hub together from a configuration and the parts found on the
 * class path.
 *
 * <p>Building validates and does no I/O, except that {@link io.agenthub.core.HubBuilder#configFile} reads its file; starting
 * does the rest. Threads are those of {@link io.agenthub.core.HubResources}.
 */
@NullMarked
package io.agenthub.core;

import org.jspecify.annotations.NullMarked;
