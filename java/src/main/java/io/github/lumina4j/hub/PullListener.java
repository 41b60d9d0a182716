package io.github.lumina4j.hub;

/**
 * Hears how far a pull is, several times a second and on the thread that called {@link
 * ModelHub#pull}. An exception it throws ends the pull and comes out of it unchanged.
 */
@FunctionalInterface
public interface PullListener {
  /** Listens to nothing. */
  PullListener NONE = progress -> {};

  void onProgress(PullProgress progress);
}
