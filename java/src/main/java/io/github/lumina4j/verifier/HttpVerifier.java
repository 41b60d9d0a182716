package io.github.lumina4j.verifier;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.Verifier;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.image.ImageFormat;
import io.github.lumina4j.image.WriteOptions;
import io.github.lumina4j.internal.Json;
import io.github.lumina4j.internal.JsonClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;

/**
 * A service that is sent {@code {"prompt": ..., "picture_base64": ..., ...}} by POST for each
 * picture, and answers with a number or {@code {"score": 0.83}}.
 */
public final class HttpVerifier implements Verifier {
  private final JsonClient service;

  /**
   * @param address http or https
   * @param limit for the whole answer, after which the score counts as failed
   */
  public HttpVerifier(URI address, Duration limit) {
    service = new JsonClient(address, limit, Score.MAX_BYTES);
  }

  @Override
  public double score(GenerationResult result, CancellationToken cancellation) {
    byte[] png = ImageFiles.encode(result.mainImage(), ImageFormat.PNG, WriteOptions.DEFAULT);
    String base64 = Base64.getEncoder().encodeToString(png);
    try {
      String question = Json.write(Question.of(result.request(), null, base64));
      return Score.parse(service.post(question, Map.of(), cancellation));
    } catch (IOException e) {
      throw Score.failure(e.getMessage(), e);
    }
  }
}
