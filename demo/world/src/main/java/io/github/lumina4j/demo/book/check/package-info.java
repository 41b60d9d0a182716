/**
 * Checks of pictures of the book: {@link io.github.lumina4j.demo.book.check.BookReader} tells what
 * a picture shows, and the checks compare that with what was asked for.
 */
package io.github.lumina4j.demo.book.check;
