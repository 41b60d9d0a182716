package io.github.lumina4j.hub;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.internal.SmallBody;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;

/**
 * Requests, one answer each. Redirects are followed here rather than by the client: the token must
 * not go along to another host.
 */
final class HubHttp {
  /** An answer without its body's way into a file. */
  record Answer(int status, HttpHeaders headers, URI uri, byte[] body) {
    Optional<String> header(String name) {
      return headers.firstValue(name);
    }

    /** Where it sends the reader, if it does. */
    Optional<URI> redirect() {
      return REDIRECTS.contains(status)
          ? header("Location").map(location -> target(uri, location))
          : Optional.empty();
    }
  }

  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final int MOST_REDIRECTS = 10;
  private static final int LARGEST_PAGE = 32 << 20;
  private static final int LARGEST_ERROR = 1 << 16;
  private static final int POLL_MILLIS = 50;

  private final HttpClient client;
  private final URI endpoint;
  private final Optional<AccessToken> token;
  private final ProxyVariables proxies;
  private final Duration stall;
  private final StopSignal stop;

  HubHttp(HubSettings settings, Duration stall, StopSignal stop) {
    this.endpoint = settings.endpoint();
    this.token = settings.token();
    this.proxies = settings.proxies();
    this.stall = stall;
    this.stop = stop;
    client =
        HttpClient.newBuilder()
            // One connection each for parallel ranges, which HTTP/2 would put on one.
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(stall)
            .proxy(proxies)
            .build();
  }

  /** Whether requests to the hub carry a token. */
  boolean hasToken() {
    return token.isPresent();
  }

  /** A page of the hub. */
  Answer get(URI uri) throws IOException {
    return follow("GET", uri, Map.of(), answer -> false, info -> new SmallBody(limit(info)));
  }

  /** What the hub says of a file: the answer that names its hash, which may redirect further. */
  Answer head(URI uri) throws IOException {
    return follow(
        "HEAD",
        uri,
        Map.of(),
        answer -> answer.header("X-Linked-Etag").isPresent(),
        info -> new SmallBody(LARGEST_ERROR));
  }

  /** The bytes from {@code from} to before {@code end}; {@code body} takes them if they come. */
  Answer range(
      URI uri, long from, long end, Function<ResponseInfo, Optional<BodySubscriber<byte[]>>> body)
      throws IOException {
    return follow(
        "GET",
        uri,
        Map.of("Range", "bytes=" + from + "-" + (end - 1)),
        answer -> false,
        info -> body.apply(info).orElseGet(() -> new SmallBody(LARGEST_ERROR)));
  }

  private static int limit(ResponseInfo info) {
    return info.statusCode() == 200 ? LARGEST_PAGE : LARGEST_ERROR;
  }

  private Answer follow(
      String method,
      URI uri,
      Map<String, String> headers,
      Predicate<Answer> enough,
      Function<ResponseInfo, BodySubscriber<byte[]>> body)
      throws IOException {
    URI at = uri;
    for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
      HttpResponse<byte[]> response = send(request(method, at, headers), body);
      Answer answer = new Answer(response.statusCode(), response.headers(), at, response.body());
      Optional<URI> next = answer.redirect();
      if (next.isEmpty() || enough.test(answer)) {
        return answer;
      }
      at = next.get();
    }
    throw new LuminaException(ErrorCode.IO, uri.getHost() + " redirects again and again");
  }

  private HttpRequest request(String method, URI uri, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .setHeader("User-Agent", "lumina4j")
            .setHeader("Accept-Encoding", "identity");
    headers.forEach(request::setHeader);
    if (sameOrigin(uri, endpoint)) {
      token.ifPresent(known -> request.setHeader("Authorization", known.header()));
    }
    proxies.authorization(uri).ifPresent(value -> request.setHeader("Proxy-Authorization", value));
    return request.build();
  }

  /** Whether two addresses are of one server, reached in one way. */
  static boolean sameOrigin(URI one, URI other) {
    return one.getScheme().equalsIgnoreCase(other.getScheme())
        && one.getHost().equalsIgnoreCase(other.getHost())
        && port(one) == port(other);
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0
        ? uri.getPort()
        : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
  }

  private static URI target(URI from, String location) {
    try {
      URI next = from.resolve(location);
      boolean web = "https".equalsIgnoreCase(next.getScheme());
      boolean asBefore = from.getScheme().equalsIgnoreCase(next.getScheme());
      if (next.getHost() != null && next.getRawUserInfo() == null && (web || asBefore)) {
        return next;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new LuminaException(
        ErrorCode.IO, from.getHost() + " redirects to an address that is not safe to follow");
  }

  /** Waits for the whole answer, but not when nothing comes any more or the pull is stopped. */
  private HttpResponse<byte[]> send(
      HttpRequest request, Function<ResponseInfo, BodySubscriber<byte[]>> body) throws IOException {
    stop.check();
    Activity activity = new Activity();
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(
            request,
            info -> {
              activity.touch();
              return activity.watch(body.apply(info));
            });
    try {
      while (true) {
        try {
          return answer.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          stop.check();
          if (activity.idleFor(stall)) {
            throw new HttpTimeoutException("nothing came for " + stall.toMillis() / 1000.0 + " s");
          }
        }
      }
    } catch (ExecutionException e) {
      throw failure(request.uri(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop.stop();
      stop.check();
      throw new IllegalStateException("stopped but not stopped", e);
    } finally {
      if (!answer.isDone()) {
        activity.end();
        answer.cancel(true);
      }
    }
  }

  private static IOException failure(URI uri, Throwable cause) throws IOException {
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (at instanceof LuminaException lumina) {
        throw lumina;
      }
      if (at instanceof SSLException) {
        throw new LuminaException(
            ErrorCode.IO, uri.getHost() + ": no secure connection: " + at.getMessage(), at);
      }
    }
    if (cause instanceof IOException io) {
      return io;
    }
    throw new LuminaException(
        ErrorCode.INTERNAL, "request to " + uri.getHost() + " failed: " + cause, cause);
  }
}
