/**
 * A double of Ollama over real sockets, written from its public API description: the documented answers, and every way in which
 * they can go wrong. One thread per connection; it may block.
 */
@NullMarked
package io.agenthub.ollama.fake;

import org.jspecify.annotations.NullMarked;
