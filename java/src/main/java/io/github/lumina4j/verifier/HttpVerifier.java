package io.github.lumina4j.verifier;

import io.github.lumina4j.GenerationCancelledException;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.Verifier;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.image.ImageFormat;
import io.github.lumina4j.image.WriteOptions;
import io.github.lumina4j.internal.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A service that is sent {@code {"prompt": ..., "picture_base64": ..., ...}} by POST for each
 * picture, and answers with a number or {@code {"score": 0.83}}.
 */
public final class HttpVerifier implements Verifier {
  private static final int OK = 200;

  private final URI address;
  private final Duration limit;
  private final HttpClient client;

  /**
   * @param address http or https
   * @param limit for the whole answer, after which the score counts as failed
   */
  public HttpVerifier(URI address, Duration limit) {
    this.address = Objects.requireNonNull(address, "address");
    this.limit = Objects.requireNonNull(limit, "limit");
    if (address.getHost() == null) {
      throw new IllegalArgumentException("the verifier's address " + address + " has no host");
    }
    client = HttpClient.newBuilder().connectTimeout(limit).build();
  }

  @Override
  public double score(RgbImage picture, GenerationRequest request) {
    String question = Json.write(Question.of(request, null, base64(picture)));
    HttpRequest post =
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(question))
            .build();
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(post, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    try {
      HttpResponse<String> response = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != OK) {
        throw Score.failure(
            address + " answered with status " + response.statusCode() + " instead of 200", null);
      }
      return Score.parse(response.body());
    } catch (TimeoutException e) {
      throw Score.failure(address + ": no answer within " + limit.toMillis() / 1000.0 + " s", e);
    } catch (ExecutionException e) {
      String reason = e.getCause().getMessage();
      throw Score.failure(
          address + ": " + (reason == null ? e.getCause().getClass().getSimpleName() : reason), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GenerationCancelledException("interrupted while the verifier ran");
    } finally {
      answer.cancel(true);
    }
  }

  private static String base64(RgbImage picture) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageFiles.write(png, picture, ImageFormat.PNG, WriteOptions.DEFAULT);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail like that
    }
    return Base64.getEncoder().encodeToString(png.toByteArray());
  }
}
