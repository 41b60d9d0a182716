package io.github.lumina4j.verifier;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.internal.Lines;

/** What verifiers outside answer: a number, alone or as {@code {"score": 0.83}}. */
final class Score {
  /** Far more than an answer needs. */
  static final int MAX_BYTES = 1 << 16;

  private static final int SHOWN = 60;

  private Score() {}

  /**
   * The number.
   *
   * @throws LuminaException with {@link ErrorCode#IO} if there is no finite one
   */
  static double parse(String answer) {
    try {
      JsonNode node = new ObjectMapper().readTree(answer.strip());
      JsonNode score = node.isObject() ? node.path("score") : node;
      if (score.isNumber() && Double.isFinite(score.doubleValue())) {
        return score.doubleValue();
      }
    } catch (JsonProcessingException e) {
      // Told below, with the answer.
    }
    throw failure(
        answer.isBlank() ? "no number came back" : "'" + shorten(answer) + "' is not a number",
        null);
  }

  static LuminaException failure(String reason, Throwable cause) {
    return new LuminaException(ErrorCode.IO, "verifier: " + reason, cause);
  }

  /** The beginning, on one line. */
  static String shorten(String text) {
    return Lines.shorten(text, SHOWN);
  }
}
