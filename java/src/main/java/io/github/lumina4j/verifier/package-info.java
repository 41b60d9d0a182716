/** Ready verifiers: the model itself, or programs and services outside that score pictures. */
package io.github.lumina4j.verifier;
