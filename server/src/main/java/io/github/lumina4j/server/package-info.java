/**
 * An HTTP server over one model, in the shape of the OpenAI Images API.
 *
 * <p>One thread, the event loop, does everything with connections; one thread, the worker, draws.
 * Requests meet in between, in a queue that takes from its clients in turn. Nothing that a request
 * says becomes the name of a file, and nothing is kept but in memory.
 */
package io.github.lumina4j.server;
