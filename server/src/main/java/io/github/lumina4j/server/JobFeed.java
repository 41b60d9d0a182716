package io.github.lumina4j.server;

import io.github.lumina4j.Progress;
import java.util.ArrayList;
import java.util.List;

/**
 * What a job has told so far: passed on to whoever listens, and kept for those who come later. Used
 * on the event loop only.
 */
final class JobFeed implements JobEvents {
  /** A step of picture {@code index}. */
  record Step(int index, Progress progress) {}

  /** Picture {@code index} as it looked last. */
  record Look(int index, PartialPicture picture) {}

  private final List<JobEvents> listeners = new ArrayList<>();
  private final List<Picture> pictures = new ArrayList<>();
  private final Runnable atEnd;
  private Step step;
  private Look look;
  private boolean ended;
  private ApiException failure;

  /** {@code atEnd} is called once, after the last event. */
  JobFeed(Runnable atEnd) {
    this.atEnd = atEnd;
  }

  /** Tells {@code listener} what it has missed; then it hears the rest. */
  void attach(JobEvents listener) {
    for (int i = 0; i < pictures.size(); i++) {
      listener.drawn(i, pictures.get(i));
    }
    if (failure != null) {
      listener.failed(failure);
    } else if (ended) {
      listener.finished();
    } else {
      if (step != null) {
        listener.progress(step.index(), step.progress());
      }
      if (look != null) {
        listener.partial(look.index(), look.picture());
      }
      listeners.add(listener);
    }
  }

  void detach(JobEvents listener) {
    listeners.remove(listener);
  }

  /** Whether anybody listens. */
  boolean heard() {
    return !listeners.isEmpty();
  }

  /** Pictures that are made. */
  List<Picture> pictures() {
    return List.copyOf(pictures);
  }

  /** The last step of the picture that is being drawn; null if there is none. */
  Step step() {
    return step;
  }

  /** The picture that is being drawn; null if it has not been seen yet. */
  Look look() {
    return look;
  }

  /** Whether nothing more will come. */
  boolean hasEnded() {
    return ended;
  }

  /** Why there are no more pictures; null if all were made, or some will come. */
  ApiException failure() {
    return failure;
  }

  @Override
  public void progress(int index, Progress progress) {
    step = new Step(index, progress);
    listeners.forEach(listener -> listener.progress(index, progress));
  }

  @Override
  public void partial(int index, PartialPicture picture) {
    look = new Look(index, picture);
    listeners.forEach(listener -> listener.partial(index, picture));
  }

  @Override
  public void drawn(int index, Picture picture) {
    step = null;
    look = null;
    pictures.add(picture);
    listeners.forEach(listener -> listener.drawn(index, picture));
  }

  @Override
  public void finished() {
    ended = true;
    step = null;
    letGo().forEach(JobEvents::finished);
    atEnd.run();
  }

  @Override
  public void failed(ApiException answer) {
    ended = true;
    step = null;
    failure = answer;
    letGo().forEach(listener -> listener.failed(answer));
    atEnd.run();
  }

  private List<JobEvents> letGo() {
    List<JobEvents> all = List.copyOf(listeners);
    listeners.clear();
    return all;
  }
}
