package io.github.lumina4j.server;

/** Memory for the bodies of all requests that are arriving. Used on the event loop only. */
final class BodyBudget {
  private long free;

  BodyBudget(long bytes) {
    free = bytes;
  }

  /** Takes so many bytes; false if there are not that many. */
  boolean take(long bytes) {
    if (bytes > free) {
      return false;
    }
    free -= bytes;
    return true;
  }

  void give(long bytes) {
    free += bytes;
  }
}
