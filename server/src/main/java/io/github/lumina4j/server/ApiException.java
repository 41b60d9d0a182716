package io.github.lumina4j.server;

import java.time.Duration;

/** A request that is answered with an error, in the words and numbers of the OpenAI API. */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String type;
  private final String code;
  private final String param;
  private final Duration retryAfter;

  private ApiException(
      int status, String type, String code, String param, String message, Duration retryAfter) {
    // An answer, not a defect: nobody looks at its stack trace.
    // The words of a client that it repeats stay on its one line.
    super(message.replaceAll("\\p{Cntrl}+", " "), null, false, false);
    this.status = status;
    this.type = type;
    this.code = code;
    this.param = param;
    this.retryAfter = retryAfter;
  }

  private static ApiException refused(int status, String code, String param, String message) {
    return new ApiException(status, "invalid_request_error", code, param, message, null);
  }

  /** The request says something that cannot be; {@code param} is the field at fault, or null. */
  static ApiException invalid(String param, String message) {
    return refused(400, "invalid_value", param, message);
  }

  /** Not HTTP, or too long in line or headers. */
  static ApiException malformed(int status) {
    return refused(
        status,
        "bad_request",
        null,
        status == 400 ? "this is not HTTP" : "line or headers too long");
  }

  /** A field that this API does not have. */
  static ApiException unknownField(String name) {
    return refused(400, "unknown_parameter", name, "unknown parameter: '" + name + "'");
  }

  static ApiException unauthorized() {
    return refused(401, "invalid_api_key", null, "an API key is needed: Authorization: Bearer KEY");
  }

  static ApiException forbidden(String message) {
    return refused(403, "forbidden", null, message);
  }

  static ApiException notFound(String message) {
    return refused(404, "not_found", null, message);
  }

  static ApiException modelNotFound(String asked, String served) {
    return refused(
        404,
        "model_not_found",
        "model",
        "there is no model '" + asked + "' here; this server draws with '" + served + "'");
  }

  static ApiException methodNotAllowed(String allowed) {
    return refused(405, "method_not_allowed", null, "this address takes " + allowed + " only");
  }

  static ApiException bodyTooSlow() {
    return refused(408, "request_timeout", null, "the body of the request did not arrive in time");
  }

  static ApiException tooLarge(long limit) {
    return refused(
        413, "request_too_large", null, "the request is larger than " + limit + " bytes");
  }

  static ApiException mediaType(String needed) {
    return refused(415, "unsupported_media_type", null, "the content type must be " + needed);
  }

  /** No place in the queue: come again. */
  static ApiException queueFull(String message, Duration retryAfter) {
    return new ApiException(429, "rate_limit_error", "queue_full", null, message, retryAfter);
  }

  static ApiException stopping() {
    return new ApiException(
        503,
        "server_error",
        "stopping",
        null,
        "the server is stopping; send the request again in a moment",
        Duration.ofSeconds(5));
  }

  /** The time that a request may take is over; the same request would fare no better. */
  static ApiException timeLimit(Duration limit) {
    return new ApiException(
        503,
        "server_error",
        "time_limit_exceeded",
        null,
        "the request took longer than " + limit.toSeconds() + " seconds",
        null);
  }

  /** Nobody hears this. */
  static ApiException clientGone() {
    return new ApiException(
        503, "server_error", "client_gone", null, "the client has gone away", null);
  }

  /** Somebody who knows the job's address took it back. */
  static ApiException cancelled() {
    return new ApiException(
        503, "server_error", "cancelled", null, "the request was cancelled", null);
  }

  /** More is on its way to the server than it can hold. */
  static ApiException busy() {
    return new ApiException(
        429,
        "rate_limit_error",
        "busy",
        null,
        "too many large requests at a time",
        Duration.ofSeconds(2));
  }

  /** The machine cannot do it, now or ever. */
  static ApiException unavailable(String code, String message) {
    return new ApiException(503, "server_error", code, null, message, null);
  }

  /** The model ended the picture before its last row. */
  static ApiException incomplete(String message) {
    return refused(422, "incomplete", null, message);
  }

  /** A defect. */
  static ApiException internal() {
    return new ApiException(
        500, "server_error", "internal", null, "the server failed; its log says more", null);
  }

  int status() {
    return status;
  }

  String type() {
    return type;
  }

  String code() {
    return code;
  }

  /** The field at fault; null if it is no single one. */
  String param() {
    return param;
  }

  /** When to come again; null if that has no use. */
  Duration retryAfter() {
    return retryAfter;
  }
}
