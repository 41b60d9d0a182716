package io.github.lumina4j;

/**
 * Figures of one request.
 *
 * @param promptTokens tokens of the conditional row before the first generated one
 * @param generatedTokens codes, line ends and end that the request made
 * @param passes forward passes after the prefill
 * @param encodeSeconds given picture to codes
 * @param prefillSeconds reading the prompt
 * @param decodeSeconds all passes, sampling included
 * @param imageDecodeSeconds codes to picture
 * @param totalSeconds the whole request
 * @param peakMemoryBytes largest resident size of the process so far
 */
public record GenerationStats(
    long promptTokens,
    long generatedTokens,
    long passes,
    double encodeSeconds,
    double prefillSeconds,
    double decodeSeconds,
    double imageDecodeSeconds,
    double totalSeconds,
    long peakMemoryBytes) {

  /** Generated tokens per second of decoding, 0 if nothing was decoded. */
  public double tokensPerSecond() {
    return decodeSeconds > 0 ? generatedTokens / decodeSeconds : 0;
  }
}
