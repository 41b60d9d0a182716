package io.github.lumina4j.server;

import io.github.lumina4j.Progress;
import io.vertx.core.Context;

/** Carries what the worker tells over to the event loop. */
final class LoopEvents implements JobEvents {
  private final Context loop;
  private final JobEvents events;
  // The step that was told last; one row, or one phase, is news.
  private int index = -1;
  private int row = -1;
  private Progress.Phase phase;

  LoopEvents(Context loop, JobEvents events) {
    this.loop = loop;
    this.events = events;
  }

  @Override
  public void progress(int picture, Progress progress) {
    if (picture != index || progress.rowsDone() != row || progress.phase() != phase) {
      index = picture;
      row = progress.rowsDone();
      phase = progress.phase();
      loop.runOnContext(v -> events.progress(picture, progress));
    }
  }

  @Override
  public void partial(int picture, PartialPicture partial) {
    loop.runOnContext(v -> events.partial(picture, partial));
  }

  @Override
  public void drawn(int picture, Picture drawn) {
    loop.runOnContext(v -> events.drawn(picture, drawn));
  }

  @Override
  public void finished() {
    loop.runOnContext(v -> events.finished());
  }

  @Override
  public void failed(ApiException answer) {
    loop.runOnContext(v -> events.failed(answer));
  }
}
