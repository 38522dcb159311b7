/**
 * Local models: an asynchronous client for Ollama and servers that speak the OpenAI style of its API, and the prompt enhancer
 * {@code ollama} built on it.
 *
 * <p>Threads: connections live on one event loop, the hub's if it lends one, else one of the client's own; stages complete and
 * listeners are called on the executor that was given, a pool of the JDK's by default. Nothing blocks. Every request has a
 * deadline, every answer a bound.
 *
 * <p>Redirects are never followed, no proxy is used, and no address outside this machine is contacted unless that was allowed
 * in so many words. TLS is not spoken.
 *
 * @see <a href="https://docs.ollama.com/api">Ollama API</a>
 */
@NullMarked
package io.agenthub.ollama;

import org.jspecify.annotations.NullMarked;
