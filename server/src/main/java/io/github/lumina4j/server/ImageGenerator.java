package io.github.lumina4j.server;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.ProgressListener;

/** What draws for the server: a {@link io.github.lumina4j.LuminaPipeline}, or a test's stand-in. */
@FunctionalInterface
public interface ImageGenerator {
  /**
   * Makes a picture, with the contract of {@link io.github.lumina4j.LuminaPipeline#generate}. The
   * server calls it from one thread, one request after the other. A client that wants to see
   * pictures grow comes with a {@link io.github.lumina4j.PreviewListener}; who has no previews to
   * give ignores that.
   */
  GenerationResult generate(
      GenerationRequest request, ProgressListener listener, CancellationToken cancellation);
}
