package io.github.lumina4j.internal;

/** A stop flag in native memory that any thread may set while a native call looks at it. */
public final class StopFlag implements AutoCloseable {
  final NativeCancellationFlag flag;

  public StopFlag() {
    Natives.load();
    flag = new NativeCancellationFlag();
  }

  /** Stops the call; harmless after {@link #close}. */
  public synchronized void stop() {
    if (!flag.isNull()) {
      flag.cancel();
    }
  }

  @Override
  public synchronized void close() {
    flag.close();
  }
}
