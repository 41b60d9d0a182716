package io.github.lumina4j.server;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The open connections: no more than a server can hold, and none that has nothing to do for long.
 * One that waits for a picture is silent and yet not idle, which a plain time limit on silence
 * would not see. Used on the event loop only.
 */
final class Connections {
  private static final int MOST = 512;
  private static final long IDLE_NANOS = 75_000_000_000L;
  private static final long SWEEP_MILLIS = 5_000;

  private static final class State {
    int requests;
    long since = System.nanoTime();
  }

  private final Map<HttpConnection, State> open = new HashMap<>();

  Connections(Vertx vertx) {
    vertx.setPeriodic(SWEEP_MILLIS, id -> closeIdle());
  }

  void opened(HttpConnection connection) {
    if (open.size() >= MOST) {
      connection.close();
      return;
    }
    open.put(connection, new State());
    connection.closeHandler(closed -> open.remove(connection));
  }

  /** A request has begun; its end is noticed. */
  void busy(HttpServerRequest request) {
    State state = open.get(request.connection());
    if (state != null) {
      state.requests++;
      request
          .response()
          .endHandler(
              end -> {
                state.requests--;
                state.since = System.nanoTime();
              });
    }
  }

  int count() {
    return open.size();
  }

  private void closeIdle() {
    long now = System.nanoTime();
    List<HttpConnection> idle =
        open.entrySet().stream()
            .filter(e -> e.getValue().requests == 0 && now - e.getValue().since > IDLE_NANOS)
            .map(Map.Entry::getKey)
            .toList();
    idle.forEach(HttpConnection::close);
  }
}
