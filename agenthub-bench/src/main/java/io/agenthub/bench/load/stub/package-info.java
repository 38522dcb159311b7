/**
 * The MCP server that stands behind everything that is measured: a child process that answers as fast as a pipe allows and
 * checks nothing, so that what is measured is never the server.
 *
 * <p>Uses the JDK alone, so that it starts from a folder with its own few classes. One thread reads and answers, another
 * holds delayed answers; it is no example of a server, and refuses nothing.
 */
@NullMarked
package io.agenthub.bench.load.stub;

import org.jspecify.annotations.NullMarked;
