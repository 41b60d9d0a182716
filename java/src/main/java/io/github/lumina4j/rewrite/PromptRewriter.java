package io.github.lumina4j.rewrite;

import io.github.lumina4j.CancellationToken;

/** Puts a prompt in words that a model draws better from. */
@FunctionalInterface
public interface PromptRewriter {
  /**
   * The prompt to draw.
   *
   * @param prompt the user's words
   * @param cancellation stops it from any thread; may be null
   * @return not blank
   */
  String rewrite(String prompt, CancellationToken cancellation);
}
