package io.github.lumina4j.hub;

import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.Set;

/**
 * What goes wrong, in words that say what to do. No address with a query, and no token, is in them.
 */
final class HubFailures {
  /** Statuses that another attempt may not get. */
  private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);

  private HubFailures() {}

  /**
   * Passes an answer that brings what was asked for.
   *
   * @param what was asked for: a repository, or a file of one
   * @throws BusyException if another attempt may succeed
   * @throws LuminaException otherwise
   */
  static HubHttp.Answer checked(HubHttp.Answer answer, RepoId repo, String what, boolean token)
      throws BusyException {
    int status = answer.status();
    if (status == 200 || status == 206) {
      return answer;
    }
    if (PASSING.contains(status)) {
      throw new BusyException(
          status == 429
              ? "too many requests (status 429)"
              : "the server fails (status " + status + ")",
          answer.header("Retry-After"));
    }
    Optional<String> code = answer.header("X-Error-Code");
    String login = token ? "the token has no access to it" : "give a token in HF_TOKEN";
    if (code.equals(Optional.of("GatedRepo"))) {
      throw refused(
          repo
              + " is gated: accept its conditions on its page at "
              + answer.uri().getHost()
              + ", then "
              + (token ? "try again; so far " + login : login));
    }
    if (status == 401 && !token) {
      throw new CheckpointException(
          what + ": no such public model; if it is private or gated, " + login);
    }
    if (status == 401) {
      throw refused(what + ": the hub does not accept the token; is it still valid?");
    }
    if (status == 403) {
      throw refused(what + ": access is denied; " + login);
    }
    if (status == 404) {
      throw new CheckpointException(
          what + ": not on the hub" + (token ? ", or the token has no access to it" : ""));
    }
    throw refused(what + ": " + answer.uri().getHost() + " answers with status " + status);
  }

  private static LuminaException refused(String message) {
    return new LuminaException(ErrorCode.IO, message);
  }

  /** One short phrase. */
  static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file or folder";
    }
    if (e instanceof AccessDeniedException) {
      return "access is denied";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "something else is in its place";
    }
    if (e instanceof FileSystemException file && file.getReason() != null) {
      return file.getReason();
    }
    if (e instanceof HttpConnectTimeoutException) {
      return "no connection in time";
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return "the host is not known";
      }
    }
    if (e instanceof ConnectException) {
      return "no connection";
    }
    String message = e.getMessage() == null ? "" : e.getMessage();
    boolean cut =
        e instanceof EOFException
            || message.contains("header parser received no bytes")
            || message.contains("bytes received")
            || message.contains("EOF reached")
            || message.contains("chunked transfer encoding")
            || message.contains("closed");
    if (cut) {
      return "the connection was cut";
    }
    return message.isEmpty() ? e.getClass().getSimpleName() : message;
  }

  /** A failure to write to the cache. */
  static LuminaException disk(Object file, IOException e) {
    String reason = reason(e);
    boolean full = reason.contains("No space left") || reason.contains("quota exceeded");
    return new LuminaException(
        ErrorCode.IO,
        "cannot write "
            + file
            + ": "
            + reason
            + (full ? "; what has arrived is kept, and the same request continues from there" : ""),
        e);
  }
}
