package io.github.lumina4j.internal;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.GenerationCancelledException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks a service: JSON goes there by POST, and its answer comes within a time and a size. Redirects
 * are not followed: what is sent is for this address alone.
 */
public final class JsonClient {
  private static final int OK = 200;
  private static final int SHOWN = 200;

  private final URI address;
  private final Duration limit;
  private final int maxBytes;
  private final HttpClient client;

  /**
   * @param limit for the whole answer
   * @param maxBytes of the answer
   * @throws IllegalArgumentException if the address is not one of the web
   */
  public JsonClient(URI address, Duration limit, int maxBytes) {
    this.address = Objects.requireNonNull(address, "address");
    this.limit = Objects.requireNonNull(limit, "limit");
    this.maxBytes = maxBytes;
    String scheme = address.getScheme();
    if (!"http".equalsIgnoreCase(scheme) && !"https".equalsIgnoreCase(scheme)) {
      throw new IllegalArgumentException("the address " + address + " is not http or https");
    }
    if (address.getHost() == null) {
      throw new IllegalArgumentException("the address " + address + " has no host");
    }
    client =
        HttpClient.newBuilder()
            // The offer of HTTP/2 makes some servers lose what is posted.
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(limit)
            .build();
  }

  /**
   * Sends {@code json} and waits for the answer.
   *
   * @param headers beside the type of the content
   * @param cancellation stops waiting, from any thread; may be null
   * @throws IOException if no answer with status 200 comes within time and size; the message names
   *     the address and says why
   * @throws GenerationCancelledException if cancelled, or the thread is interrupted
   */
  public String post(String json, Map<String, String> headers, CancellationToken cancellation)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json));
    headers.forEach(request::header);
    // One byte more than may come tells that more has come.
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request.build(), info -> new SmallBody(maxBytes + 1));
    CancellationToken token = cancellation == null ? new CancellationToken() : cancellation;
    try (CancellationToken.Registration stop = token.onCancel(() -> answer.cancel(true))) {
      return read(answer.get(limit.toMillis(), TimeUnit.MILLISECONDS));
    } catch (CancellationException e) {
      throw cancelled();
    } catch (TimeoutException e) {
      throw new IOException(shown() + ": no answer within " + limit.toMillis() / 1000.0 + " s", e);
    } catch (ExecutionException e) {
      if (token.isCancelled()) {
        throw cancelled(); // a request that had begun ends with an exception of its own
      }
      String reason = e.getCause().getMessage();
      throw new IOException(
          shown() + ": " + (reason == null ? e.getCause().getClass().getSimpleName() : reason), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GenerationCancelledException("interrupted while " + shown() + " was asked");
    } finally {
      answer.cancel(true);
    }
  }

  private GenerationCancelledException cancelled() {
    return new GenerationCancelledException("cancelled while " + shown() + " was asked");
  }

  private String read(HttpResponse<byte[]> response) throws IOException {
    String text = new String(response.body(), StandardCharsets.UTF_8);
    if (response.statusCode() != OK) {
      String said = Lines.shorten(text, SHOWN);
      throw new IOException(
          shown()
              + (" answered with status " + response.statusCode() + " instead of 200")
              + (said.isEmpty() ? "" : ": " + said));
    }
    if (response.body().length > maxBytes) {
      throw new IOException(shown() + " answered with more than " + maxBytes + " bytes");
    }
    return text;
  }

  /** The address without what may be secret in it. */
  private String shown() {
    return address.getScheme()
        + "://"
        + address.getHost()
        + (address.getPort() < 0 ? "" : ":" + address.getPort())
        + address.getRawPath();
  }
}
