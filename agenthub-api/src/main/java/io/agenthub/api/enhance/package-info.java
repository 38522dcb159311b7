/**
 * Prompt enhancement: a prompt is improved by a model before it is used, or passed through as it is. Help, never a hurdle: an
 * enhancer that cannot help answers with the original.
 */
@NullMarked
package io.agenthub.api.enhance;

import org.jspecify.annotations.NullMarked;
