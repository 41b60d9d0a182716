package io.github.lumina4j.server;

import io.github.lumina4j.Preview;
import io.github.lumina4j.PreviewListener;
import io.github.lumina4j.Progress;

/** Tells the connection of a job how one of its pictures grows; on the worker's thread. */
final class PictureWatch implements PreviewListener {
  private final Job job;
  private final int index;
  private int due;
  private int shown;

  PictureWatch(Job job, int index) {
    this.job = job;
    this.index = index;
  }

  @Override
  public void onProgress(Progress progress) {
    job.events().progress(index, progress);
  }

  @Override
  public void onPreview(Preview preview) {
    ImageRequest asked = job.request();
    int given = asked.first().rowsGiven();
    int now = asked.partials().due(preview.rowsDone() - given, preview.rowsTotal() - given);
    if (now > due) {
      due = now;
      job.events().partial(index, PartialPicture.of(asked, preview, shown++));
    }
  }
}
