package io.github.lumina4j.server;

import io.github.lumina4j.Seeds;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A running server: the OpenAI Images API over one model.
 *
 * <p>It listens when {@link #start} returns. {@link #stop} hands back what waits, lets the request
 * that is being drawn finish, and frees everything; the model stays its owner's to close.
 */
public final class LuminaServer implements AutoCloseable {
  /** How long answers that are ready may take to be sent when the server stops. */
  private static final Duration FAREWELL = Duration.ofSeconds(5);

  private static final Duration USUAL_GRACE = Duration.ofSeconds(10);

  private final Vertx vertx;
  private final HttpServer http;
  private final Router router;
  private final Studio studio;
  private final Metrics metrics;
  private final String host;
  private boolean stopped;

  private LuminaServer(Vertx vertx, ServedModel model, ServerOptions options) {
    this.vertx = vertx;
    this.host = options.host();
    metrics = new Metrics();
    Connections connections = new Connections(vertx);
    studio = new Studio(vertx, model, options, metrics);
    router =
        new Router(
            new Router.Parts(
                vertx,
                model,
                options,
                metrics,
                connections,
                studio,
                new RequestParser(model, options, Seeds::random)));
    http =
        vertx
            .createHttpServer(httpOptions())
            .connectionHandler(connections::opened)
            .invalidRequestHandler(new InvalidRequests(vertx, metrics))
            .requestHandler(router);
  }

  /**
   * Starts a server.
   *
   * @throws IllegalStateException if the address cannot be listened on
   */
  public static LuminaServer start(ServedModel model, ServerOptions options) {
    Vertx vertx = Vertx.vertx(vertxOptions());
    LuminaServer server = new LuminaServer(vertx, model, options);
    try {
      wait(server.http.listen(options.port(), options.host()), Duration.ofSeconds(30));
      return server;
    } catch (RuntimeException e) {
      server.stop(Duration.ZERO);
      throw cannotListen(options, reason(e), e);
    }
  }

  /**
   * Tries the address that {@link #start} would listen on, which is worth knowing before a model is
   * loaded.
   *
   * @throws IllegalStateException if it cannot be listened on now
   */
  public static void checkAddress(ServerOptions options) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true); // as the server does: connections that are ending do no harm
      socket.bind(new InetSocketAddress(options.host(), options.port()));
    } catch (IOException | RuntimeException e) {
      throw cannotListen(options, e.getMessage(), e);
    }
  }

  private static IllegalStateException cannotListen(
      ServerOptions options, String reason, Exception cause) {
    return new IllegalStateException(
        "cannot listen on " + options.host() + ":" + options.port() + ": " + reason, cause);
  }

  private static VertxOptions vertxOptions() {
    return new VertxOptions()
        .setEventLoopPoolSize(1)
        .setWorkerPoolSize(1)
        .setInternalBlockingPoolSize(1)
        // No folder for temporary files is made, and no file is looked up.
        .setFileSystemOptions(
            new FileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false));
  }

  private static HttpServerOptions httpOptions() {
    return new HttpServerOptions()
        .setHttp2ClearTextEnabled(false)
        .setHandle100ContinueAutomatically(true)
        .setMaxInitialLineLength(4096)
        .setMaxHeaderSize(16_384);
  }

  /** The port it listens on. */
  public int port() {
    return http.actualPort();
  }

  /** Whether other machines cannot reach it. */
  public boolean isLocal() {
    return Guard.isLoopback(host);
  }

  /** Where its page is. */
  public URI uri() {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return URI.create("http://" + name + ":" + port() + "/");
  }

  /**
   * Stops: nothing new is taken on, what waits is handed back with 503 and {@code Retry-After}, and
   * the request that is being drawn has {@code grace} to finish. Waits for all of it; again has no
   * effect.
   */
  public synchronized void stop(Duration grace) {
    if (stopped) {
      return;
    }
    stopped = true;
    router.stopTaking();
    try {
      studio.stop(grace);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    quietly(http.shutdown(FAREWELL.toMillis(), TimeUnit.MILLISECONDS));
    quietly(vertx.close());
    metrics.close();
  }

  /** Stops with ten seconds of grace. */
  @Override
  public void close() {
    stop(USUAL_GRACE);
  }

  private static void quietly(Future<?> future) {
    try {
      wait(future, FAREWELL.plusSeconds(5));
    } catch (RuntimeException e) {
      System.getLogger(LuminaServer.class.getName())
          .log(System.Logger.Level.WARNING, "while stopping: " + reason(e));
    }
  }

  private static <T> T wait(Future<T> future, Duration limit) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    } catch (TimeoutException e) {
      throw new CompletionException("it takes too long", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
  }

  private static String reason(RuntimeException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
