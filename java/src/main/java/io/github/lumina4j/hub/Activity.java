package io.github.lumina4j.hub;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** When an exchange last moved, and how to end it from outside. */
final class Activity {
  private volatile long lastNanos = System.nanoTime();
  private volatile Flow.Subscription subscription;
  private volatile boolean ended;

  void touch() {
    lastNanos = System.nanoTime();
  }

  boolean idleFor(Duration duration) {
    return System.nanoTime() - lastNanos > duration.toNanos();
  }

  /** Nothing more is read; the client closes the connection. */
  void end() {
    ended = true;
    Flow.Subscription running = subscription;
    if (running != null) {
      running.cancel();
    }
  }

  /** The same body, watched. */
  BodySubscriber<byte[]> watch(BodySubscriber<byte[]> body) {
    return new BodySubscriber<>() {
      @Override
      public CompletionStage<byte[]> getBody() {
        return body.getBody();
      }

      @Override
      public void onSubscribe(Flow.Subscription begun) {
        subscription = begun;
        body.onSubscribe(begun);
        if (ended) {
          begun.cancel();
        }
      }

      @Override
      public void onNext(List<ByteBuffer> buffers) {
        touch();
        if (!ended) {
          body.onNext(buffers);
        }
      }

      @Override
      public void onError(Throwable failure) {
        body.onError(failure);
      }

      @Override
      public void onComplete() {
        body.onComplete();
      }
    };
  }
}
