/**
 * The HTTP gateway: a hub for clients that speak HTTP.
 *
 * <p>{@link io.agenthub.gateway.Gateway} is started beside a hub and uses its event loops; nothing in the hub knows of it. Handlers
 * run on event loops and never block; answers are written from whatever thread they arrive on.
 *
 * <p>What it does not do: start processes, terminate TLS, know users. It binds a loopback address unless told otherwise, and then
 * only with a token.
 */
@NullMarked
package io.agenthub.gateway;

import org.jspecify.annotations.NullMarked;
