/**
 * The {@code lumina} program: words on the command line become requests to the public Java API,
 * results go to standard output, everything said meanwhile to standard error.
 */
package io.github.lumina4j.cli;
