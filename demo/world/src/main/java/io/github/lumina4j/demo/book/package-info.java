/**
 * The picture book: small pictures of things that people ask for, in places drawn by code. It is to
 * the next demo model what {@link io.github.lumina4j.demo} is to the present one: scenes as data,
 * exact captions, maps and edits, and the renderer as the truth that checks compare with.
 *
 * <p>Everything lies on a grid of cells of 8 pixels, one code of the image tokenizer each, and
 * drawing has no randomness of its own.
 */
package io.github.lumina4j.demo.book;
