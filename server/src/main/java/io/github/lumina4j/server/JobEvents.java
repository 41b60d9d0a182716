package io.github.lumina4j.server;

import io.github.lumina4j.Progress;

/** Hears about a job, on the thread where it happens, which is not that of its connection. */
interface JobEvents {
  /** Picture {@code index} is at {@code progress}; called after each step. */
  void progress(int index, Progress progress);

  /** Picture {@code index} looks like this so far. */
  void partial(int index, PartialPicture picture);

  /** Picture {@code index} is made. */
  void drawn(int index, Picture picture);

  /** All pictures are made; nothing comes after it. */
  void finished();

  /** There will be no more pictures; nothing comes after it. */
  void failed(ApiException answer);
}
