package io.github.lumina4j.hub;

/**
 * How far a pull is.
 *
 * @param phase what is being done
 * @param filesDone files that are complete, checked and in the cache
 * @param filesTotal files that were asked for; 0 until known
 * @param bytesBefore bytes that were in the cache when the pull began
 * @param bytesDone bytes that are there now, those included
 * @param bytesTotal bytes of all the files; 0 until known
 */
public record PullProgress(
    Phase phase, int filesDone, int filesTotal, long bytesBefore, long bytesDone, long bytesTotal) {

  /** What is being done. */
  public enum Phase {
    /** The hub is asked which files there are. */
    LIST,
    /** Another process fetches from the same repository. */
    WAIT,
    /** Files are on their way. */
    DOWNLOAD,
    /** All bytes are there, and the hashes of the last files are computed. */
    CHECK
  }
}
