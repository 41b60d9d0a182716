package io.github.lumina4j.internal;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** The body of an HTTP answer, one piece at a time. */
public abstract class Body implements BodySubscriber<byte[]> {
  private final CompletableFuture<byte[]> result = new CompletableFuture<>();
  private Flow.Subscription subscription;

  /**
   * Takes what has come.
   *
   * @return whether to go on
   */
  protected abstract boolean take(ByteBuffer buffer) throws Exception;

  /** What the answer's reader gets, after all of it or when {@link #take} has enough. */
  protected abstract byte[] result();

  @Override
  public final CompletionStage<byte[]> getBody() {
    return result;
  }

  @Override
  public final void onSubscribe(Flow.Subscription begun) {
    subscription = begun;
    begun.request(1);
  }

  @Override
  public final void onNext(List<ByteBuffer> buffers) {
    if (result.isDone()) {
      return;
    }
    try {
      for (ByteBuffer buffer : buffers) {
        if (!take(buffer)) {
          subscription.cancel();
          onComplete();
          return;
        }
      }
      subscription.request(1);
    } catch (Throwable e) {
      subscription.cancel();
      result.completeExceptionally(e);
    }
  }

  @Override
  public final void onError(Throwable failure) {
    result.completeExceptionally(failure);
  }

  @Override
  public final void onComplete() {
    result.complete(result());
  }
}
