package io.github.lumina4j;

import java.util.List;
import java.util.Objects;

/**
 * Figures of one picture. Of pictures that were drawn side by side, the time that they took
 * together is shared out evenly, so that the times of all of them add up.
 *
 * @param promptTokens tokens of the conditional row before the first generated one
 * @param generatedTokens codes, line ends and end that the request made
 * @param passes forward passes after the prefill
 * @param window tokens that a pass fed: 1, or as many as speculative decoding guessed
 * @param together pictures that shared the passes, at least 1
 * @param codesPerPass how many passes decided 0, 1, 2, ... codes, the prefill included if it
 *     decided one; line ends and the end ride along
 * @param lawShift how far the distribution of a code was moved, on average, as total variation, 0
 *     to 1; above 0 only in {@link DecodingOptions.Mode#MC_LAMBDA}
 * @param encodeSeconds given picture to codes
 * @param prefillSeconds reading the prompt
 * @param decodeSeconds all passes, sampling included
 * @param modelSeconds of these, in the transformer and its output head
 * @param samplingSeconds of these, from logits to codes and guesses
 * @param imageDecodeSeconds codes to picture
 * @param totalSeconds the whole request
 * @param peakMemoryBytes largest resident size of the process so far
 */
public record GenerationStats(
    long promptTokens,
    long generatedTokens,
    long passes,
    int window,
    int together,
    List<Long> codesPerPass,
    double lawShift,
    double encodeSeconds,
    double prefillSeconds,
    double decodeSeconds,
    double modelSeconds,
    double samplingSeconds,
    double imageDecodeSeconds,
    double totalSeconds,
    long peakMemoryBytes) {
  public GenerationStats {
    Objects.requireNonNull(codesPerPass, "codesPerPass");
    codesPerPass = List.copyOf(codesPerPass);
  }

  /** Generated tokens per second of decoding, 0 if nothing was decoded. */
  public double tokensPerSecond() {
    return decodeSeconds > 0 ? generatedTokens / decodeSeconds : 0;
  }

  /** Codes that passes decided. */
  public long codes() {
    long codes = 0;
    for (int count = 0; count < codesPerPass.size(); count++) {
      codes += count * codesPerPass.get(count);
    }
    return codes;
  }

  /** Passes that decided codes. */
  public long codePasses() {
    return codesPerPass.stream().mapToLong(Long::longValue).sum();
  }

  /** Codes that a pass decided, on average; 0 if there was none. */
  public double meanCodesPerPass() {
    return codePasses() > 0 ? (double) codes() / codePasses() : 0;
  }
}
