package io.github.lumina4j;

/** Makes pictures: a {@link LuminaPipeline}, or what stands around or in the place of one. */
@FunctionalInterface
public interface Generator {
  /** As {@link LuminaPipeline#generate(GenerationRequest, ProgressListener, CancellationToken)}. */
  GenerationResult generate(
      GenerationRequest request, ProgressListener listener, CancellationToken cancellation);
}
