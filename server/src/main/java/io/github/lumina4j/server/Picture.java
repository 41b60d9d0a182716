package io.github.lumina4j.server;

import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.ImageSize;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.image.WriteOptions;
import java.util.Map;

/**
 * A picture as it is sent.
 *
 * @param file PNG or JPEG
 * @param seed that made it
 * @param size of the picture in the file
 * @param seconds that drawing it took
 */
record Picture(byte[] file, long seed, ImageSize size, double seconds, Usage usage) {

  /** The part of {@code result} that is the answer to {@code asked}. */
  static Picture of(ImageRequest asked, GenerationResult result, ServedModel model) {
    RgbImage image = result.mainImage();
    return new Picture(
        encode(asked, image, model.notes().apply(result)),
        result.request().sampling().seed(),
        new ImageSize(image.width(), image.height()),
        result.stats().totalSeconds(),
        Usage.of(result));
  }

  /** The file of {@code image} that {@code asked} wants; {@code text} goes into a PNG. */
  static byte[] encode(ImageRequest asked, RgbImage image, Map<String, String> text) {
    WriteOptions options = WriteOptions.DEFAULT.withJpegQuality(asked.jpegQuality()).withText(text);
    return ImageFiles.encode(image, asked.format(), options);
  }

  /**
   * Tokens, as the API counts them.
   *
   * @param inputTokens of words and given picture
   * @param outputTokens of the picture that was drawn
   */
  record Usage(long inputTokens, Details inputTokensDetails, long outputTokens, long totalTokens) {
    /** What the input tokens are. */
    record Details(long textTokens, long imageTokens) {}

    private static Usage of(long text, long image, long output) {
      return new Usage(text + image, new Details(text, image), output, text + image + output);
    }

    static Usage of(GenerationResult result) {
      GenerationRequest request = result.request();
      long prompt = result.stats().promptTokens();
      // A row of codes is as many tokens and a line end.
      long given =
          request.image().isEmpty()
              ? 0
              : (request.size().width() / 8 + 1L)
                  * (request.size().height() / 8 / request.task().panels());
      long image = Math.min(given, prompt);
      return of(prompt - image, image, result.stats().generatedTokens());
    }

    Usage plus(Usage other) {
      return of(
          inputTokensDetails.textTokens + other.inputTokensDetails.textTokens,
          inputTokensDetails.imageTokens + other.inputTokensDetails.imageTokens,
          outputTokens + other.outputTokens);
    }
  }
}
