/**
 * A world of small scenes: coloured shapes on quiet backgrounds, drawn from data, with captions,
 * maps and edits that are exact because they come from the same data. It is what the demo model
 * learns from ({@link io.github.lumina4j.demo.SampleStream}), and its renderer is the truth that
 * the checks in {@link io.github.lumina4j.demo.check} compare pictures with.
 *
 * <p>Everything lies on a grid of cells of 8 pixels, one code of the image tokenizer each, and
 * drawing has no randomness of its own, so that a small model can learn it.
 */
package io.github.lumina4j.demo;
