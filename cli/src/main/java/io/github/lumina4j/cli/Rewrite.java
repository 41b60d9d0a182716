package io.github.lumina4j.cli;

import io.github.lumina4j.rewrite.PromptRewriter;

/**
 * Who rewrites the prompt.
 *
 * @param model the language model's name, for the record
 */
record Rewrite(PromptRewriter rewriter, String model) {}
