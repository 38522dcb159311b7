/**
 * Prompt enhancement: a prompt is improved by a model before it is used, or passed through as it is. Help, never a hurdle: an
 * enhancer that cannot help answers with the original.
 *
 * <p>An {@link io.agenthub.api.enhance.Enhancer} decides by {@link io.agenthub.api.enhance.EnhancementRules rules} which model
 * is asked and how; an {@link io.agenthub.api.enhance.EnhancementCache} keeps what the models wrote. The hub lends its cache to
 * the enhancer as a {@linkplain io.agenthub.api.spi.ProviderContext#shared shared} resource.
 *
 * <p>Stages complete on the executor that was lent with the rest. Nothing here reads a request, calls a tool, or decides where
 * a prompt stands in one.
 */
@NullMarked
package io.agenthub.api.enhance;

import org.jspecify.annotations.NullMarked;
