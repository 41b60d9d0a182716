package io.github.lumina4j.server;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;

/** Which address does what. Used on the event loop only. */
final class Router implements Handler<HttpServerRequest> {
  private static final String PICTURES = "/pictures/";

  /** Words and numbers alone need no more. */
  private static final long MAX_JSON_BYTES = 1 << 20;

  private static final String MODELS = "/v1/models";

  private final Vertx vertx;
  private final ServedModel model;
  private final ServerOptions options;
  private final Metrics metrics;
  private final Guard guard;
  private final Connections connections;
  private final Studio studio;
  private final PictureStore store;
  private final Page page = new Page();
  private final BodyReader bodies;
  private final RequestParser parser;
  // One thread: pictures that are given are decoded one at a time, which bounds the memory.
  private final WorkerExecutor parsing;
  private final Answers.Model modelInfo;
  private volatile boolean stopping;

  Router(Parts parts) {
    vertx = parts.vertx();
    model = parts.model();
    options = parts.options();
    metrics = parts.metrics();
    guard = new Guard(options);
    connections = parts.connections();
    studio = parts.studio();
    store = new PictureStore(options.keepPictures(), options.keepBytes(), System::nanoTime);
    bodies = new BodyReader(vertx, new BodyBudget(4 * options.maxBodyBytes()));
    parser = parts.parser();
    parsing = vertx.createSharedWorkerExecutor("lumina-requests", 1);
    modelInfo =
        new Answers.Model(
            model.name(), "model", Instant.now().getEpochSecond(), "lumina4j", model.defaults());
    metrics.gauge("lumina.pictures.kept.bytes", "Pictures to fetch by URL", store::bytes);
    metrics.gauge("lumina.connections", "Open connections", connections::count);
    vertx.setPeriodic(60_000, id -> store.drop());
  }

  /** What a router is made of. */
  record Parts(
      Vertx vertx,
      ServedModel model,
      ServerOptions options,
      Metrics metrics,
      Connections connections,
      Studio studio,
      RequestParser parser) {}

  /** From now on nothing new is taken on. */
  void stopTaking() {
    stopping = true;
  }

  @Override
  public void handle(HttpServerRequest request) {
    connections.busy(request);
    Exchange exchange = new Exchange(vertx, request, metrics);
    try {
      guard.checkOrigin(request);
      route(exchange, request.path() == null ? "" : request.path());
    } catch (RuntimeException e) {
      exchange.fail(e);
    }
  }

  private void route(Exchange exchange, String path) {
    switch (path) {
      case "/health" -> health(get(exchange, "health"));
      case "/metrics" -> metrics(get(withKey(exchange), "metrics"));
      case "/v1/tasks" -> get(withKey(exchange), "tasks").json(200, Answers.TaskList.builtIn());
      case MODELS ->
          get(withKey(exchange), "models")
              .json(200, new Answers.Models("list", List.of(modelInfo)));
      case "/v1/images/generations" -> generation(post(exchange, "generations"));
      case "/v1/images/edits" -> edit(post(exchange, "edits"));
      default -> other(exchange, path);
    }
  }

  private void other(Exchange exchange, String path) {
    if (page.has(path)) {
      page.send(get(exchange, "page"), path);
    } else if (path.startsWith(PICTURES)) {
      picture(get(exchange, "pictures"), path.substring(PICTURES.length()));
    } else if (path.startsWith(Jobs.PATH)) {
      job(exchange, path.substring(Jobs.PATH.length()));
    } else if (path.startsWith(MODELS + "/")) {
      Exchange known = get(withKey(exchange), "models");
      String name = path.substring(MODELS.length() + 1);
      if (!name.equals(model.name())) {
        throw ApiException.modelNotFound(name, model.name());
      }
      known.json(200, modelInfo);
    } else {
      throw ApiException.notFound("there is nothing at this address");
    }
  }

  private void health(Exchange exchange) {
    exchange.json(
        stopping ? 503 : 200,
        new Answers.Health(
            stopping ? "stopping" : "ok",
            model.name(),
            studio.waiting(),
            options.queueCapacity(),
            studio.busy()));
  }

  private void metrics(Exchange exchange) {
    exchange.send(200, Metrics.CONTENT_TYPE, metrics.scrape().getBytes(StandardCharsets.UTF_8));
  }

  /** The name alone is the permission, as with links that are mailed. */
  private void picture(Exchange exchange, String name) {
    PictureStore.Kept kept =
        store
            .get(name.replaceFirst("\\.(png|jpeg)$", ""))
            .orElseThrow(() -> ApiException.notFound("there is no such picture, or no longer"));
    exchange.send(200, kept.type(), kept.file());
  }

  /** What became of a request whose client knows the address of its job. */
  private void job(Exchange exchange, String id) {
    exchange.route("jobs");
    withKey(exchange);
    HttpServerRequest request = exchange.request();
    boolean delete = request.method() == HttpMethod.DELETE;
    if (!delete && request.method() != HttpMethod.GET && request.method() != HttpMethod.HEAD) {
      throw ApiException.methodNotAllowed("GET and DELETE");
    }
    Jobs.Entry job = studio.jobs().get(id);
    String accept = request.getHeader("Accept");
    if (delete) {
      studio.jobs().cancel(job);
      exchange.json(200, new Answers.JobDeleted(id, "image.job", true));
    } else if (request.method() == HttpMethod.GET
        && accept != null
        && accept.contains("text/event-stream")) {
      studio.resume(exchange, job);
    } else {
      exchange.json(200, studio.state(job));
    }
  }

  private void generation(Exchange exchange) {
    long limit = Math.min(options.maxBodyBytes(), MAX_JSON_BYTES);
    answer(
        exchange,
        bodies.read(
            exchange.request(),
            "application/json",
            limit,
            body -> parse(() -> parser.generation(RequestFields.ofJson(body)))));
  }

  private void edit(Exchange exchange) {
    String type = exchange.request().getHeader("Content-Type");
    answer(
        exchange,
        bodies.read(
            exchange.request(),
            "multipart/form-data",
            options.maxBodyBytes(),
            body -> parse(() -> parser.edit(MultipartForm.read(type, body)))));
  }

  /** Reads a request, and refuses what the model cannot draw before it waits for its turn. */
  private Future<ImageRequest> parse(Callable<ImageRequest> work) {
    return parsing.executeBlocking(
        () -> {
          ImageRequest request = work.call();
          model.generator().check(request.first());
          return request;
        },
        false);
  }

  private void answer(Exchange exchange, Future<ImageRequest> parsed) {
    parsed
        .onSuccess(
            request ->
                studio.submit(exchange, request, picture -> link(exchange, request, picture)))
        .onFailure(exchange::fail);
  }

  private String link(Exchange exchange, ImageRequest request, Picture picture) {
    String format = request.formatName();
    String name = store.put(picture.file(), "image/" + format);
    HttpServerRequest http = exchange.request();
    // Clients older than HTTP/1.1 do not say what they call this server.
    Object host = http.authority() != null ? http.authority() : http.localAddress();
    return http.scheme() + "://" + host + PICTURES + name + "." + format;
  }

  private Exchange withKey(Exchange exchange) {
    guard.checkKey(exchange.request());
    return exchange;
  }

  private Exchange get(Exchange exchange, String route) {
    exchange.route(route);
    HttpMethod method = exchange.request().method();
    if (method != HttpMethod.GET && method != HttpMethod.HEAD) {
      throw ApiException.methodNotAllowed("GET");
    }
    return exchange;
  }

  private Exchange post(Exchange exchange, String route) {
    exchange.route(route);
    if (exchange.request().method() != HttpMethod.POST) {
      throw ApiException.methodNotAllowed("POST");
    }
    withKey(exchange);
    if (stopping) {
      throw ApiException.stopping();
    }
    return exchange;
  }
}
