/**
 * The published figures: what callers see while children are killed by the thousand, while the gateway itself is killed, and
 * while a neighbour misbehaves. Each prints one line with its numbers; {@code docs/reliability.md} holds the table. They run
 * small by default and in full size by the system property that each class names. Threads: each test's own. It measures; the
 * behaviour itself is specified by the tests of the modules.
 */
@NullMarked
package io.agenthub.examples.gateway.figures;

import org.jspecify.annotations.NullMarked;
