package io.github.lumina4j;

import java.util.Objects;

/**
 * A finished (or, if allowed, partial) picture and how it came about.
 *
 * @param request the request that made it, with nothing left to the model or the device
 * @param image the whole picture, both panels included; of a partial picture the rows that exist
 * @param codes the rows of codes that exist
 * @param complete whether every row exists
 * @param stats figures
 */
public record GenerationResult(
    GenerationRequest request,
    RgbImage image,
    ImageCodes codes,
    boolean complete,
    GenerationStats stats) {

  public GenerationResult {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(codes, "codes");
    Objects.requireNonNull(stats, "stats");
  }

  /**
   * What the user asked for: the whole picture, or the panel that the task names as its result. A
   * partial picture is returned whole.
   */
  public RgbImage mainImage() {
    return complete ? request.task().answer(image) : image;
  }
}
