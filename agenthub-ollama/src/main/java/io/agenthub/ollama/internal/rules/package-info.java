/**
 * Enhancement rules from settings and from a file that is read again when it changes.
 *
 * <p>Files are read on a helper thread, never on an event loop or the control thread. Nothing here asks a model.
 */
@NullMarked
package io.agenthub.ollama.internal.rules;

import org.jspecify.annotations.NullMarked;
