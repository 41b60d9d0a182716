package io.github.lumina4j;

/** Makes pictures: {@code pipeline::generate}, or what stands around or in the place of it. */
@FunctionalInterface
public interface Generator {
  /** As {@link LuminaPipeline#generate(GenerationRequest, ProgressListener, CancellationToken)}. */
  GenerationResult generate(
      GenerationRequest request, ProgressListener listener, CancellationToken cancellation);
}
