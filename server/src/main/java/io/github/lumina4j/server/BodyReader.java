package io.github.lumina4j.server;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerFileUpload;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads the body of one request into memory, within limits of size and time. */
final class BodyReader {
  /** Words and numbers alone need no more. */
  private static final long MAX_JSON_BYTES = 1 << 20;

  private static final long ARRIVAL_MILLIS = 60_000;

  private final HttpServerRequest request;
  private final long limit;
  private final BodyBudget budget;
  private final Promise<Void> complete = Promise.promise();
  private long arrived;
  private long held;

  private BodyReader(HttpServerRequest request, long limit, BodyBudget budget) {
    this.request = request;
    this.limit = limit;
    this.budget = budget;
  }

  /** A form: its texts, and the one picture in it. */
  record Form(Map<String, String> texts, Optional<byte[]> picture) {}

  /** Reads JSON and does something with it; its memory counts until that is done. */
  static <T> Future<T> json(
      Vertx vertx,
      HttpServerRequest request,
      long limit,
      BodyBudget budget,
      Function<byte[], Future<T>> then) {
    if (!type(request).equals("application/json")) {
      return Future.failedFuture(ApiException.mediaType("application/json"));
    }
    BodyReader reader = new BodyReader(request, Math.min(limit, MAX_JSON_BYTES), budget);
    Buffer body = Buffer.buffer();
    request.handler(part -> reader.part(part, body));
    return reader.read(vertx, () -> then.apply(body.getBytes()));
  }

  /** Reads a form and does something with it; its memory counts until that is done. */
  static <T> Future<T> form(
      Vertx vertx,
      HttpServerRequest request,
      long limit,
      BodyBudget budget,
      Function<Form, Future<T>> then) {
    if (!type(request).equals("multipart/form-data")) {
      return Future.failedFuture(ApiException.mediaType("multipart/form-data"));
    }
    BodyReader reader = new BodyReader(request, limit, budget);
    Map<String, Buffer> files = new HashMap<>();
    try {
      request.setExpectMultipart(true);
    } catch (RuntimeException e) {
      return Future.failedFuture(ApiException.invalid(null, "the form has no boundary"));
    }
    request.handler(part -> reader.part(part, null));
    request.uploadHandler(upload -> reader.upload(upload, files));
    return reader.read(vertx, () -> then.apply(reader.form(files)));
  }

  private static String type(HttpServerRequest request) {
    String type = request.getHeader("Content-Type");
    return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  private <T> Future<T> read(Vertx vertx, Supplier<Future<T>> then) {
    String length = request.getHeader("Content-Length");
    if (length != null && length.length() <= 18 && length.matches("[0-9]+")) {
      refuseBeyond(Long.parseLong(length));
    }
    long timer =
        vertx.setTimer(ARRIVAL_MILLIS, id -> complete.tryFail(ApiException.bodyTooSlow()));
    request.exceptionHandler(
        e -> complete.tryFail(ApiException.invalid(null, "the body cannot be read")));
    request.endHandler(end -> complete.tryComplete());
    return complete
        .future()
        .onComplete(done -> vertx.cancelTimer(timer))
        .compose(done -> then.get())
        .onComplete(done -> budget.give(held));
  }

  // Text fields of a form are kept by Vert.x, within limits of their own.
  private void part(Buffer part, Buffer kept) {
    arrived += part.length();
    refuseBeyond(arrived);
    if (kept != null) {
      hold(part, kept);
    }
    if (arrived > 2 * limit) {
      // Refused, and still sending: it has had its chance to hear the answer.
      request.connection().close();
    }
  }

  private void upload(HttpServerFileUpload upload, Map<String, Buffer> files) {
    String name = upload.name();
    if (!name.equals("image") && !name.equals("image[]")) {
      complete.tryFail(
          name.equals("mask")
              ? ApiException.invalid("mask", "masks are not supported: say in words what to change")
              : ApiException.unknownField(name));
    } else if (!files.isEmpty()) {
      complete.tryFail(ApiException.invalid("image", "one picture is needed, not several"));
    }
    Buffer file = Buffer.buffer();
    files.put(name, file);
    upload.handler(part -> hold(part, file));
    upload.exceptionHandler(
        e -> complete.tryFail(ApiException.invalid(name, "the picture cannot be read")));
  }

  private void hold(Buffer part, Buffer kept) {
    if (complete.future().isComplete()) {
      return;
    }
    if (!budget.take(part.length())) {
      complete.tryFail(ApiException.busy());
      return;
    }
    held += part.length();
    kept.appendBuffer(part);
  }

  private void refuseBeyond(long bytes) {
    if (bytes > limit) {
      complete.tryFail(ApiException.tooLarge(limit));
    }
  }

  private Form form(Map<String, Buffer> files) {
    Map<String, String> texts = new HashMap<>();
    request
        .formAttributes()
        .forEach(
            field -> {
              if (texts.put(field.getKey(), field.getValue()) != null) {
                throw ApiException.invalid(field.getKey(), "the field is given twice");
              }
            });
    return new Form(texts, files.values().stream().findFirst().map(Buffer::getBytes));
  }
}
