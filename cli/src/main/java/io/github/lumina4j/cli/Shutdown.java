package io.github.lumina4j.cli;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.JvmShutdown;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets the running command end in order when the process is asked to end: it is cancelled, and the
 * process waits until it has said so; what then still runs in the engine is up to the library. See
 * {@link JvmShutdown}: no signal handler is needed, Ctrl-C, SIGTERM and a closed terminal are
 * served alike, and the exit code is the usual one of its own (130 for Ctrl-C, 143 for SIGTERM).
 * The wait has a limit, so that a step that takes very long cannot keep the process; files are
 * moved into place only when complete, so nothing half-written stays. A command that waits for its
 * input is not waited for.
 */
final class Shutdown {
  private static final Duration USUAL_LIMIT = Duration.ofSeconds(10);

  private final CountDownLatch done = new CountDownLatch(1);
  private final CancellationToken.Registration registration;
  private volatile boolean reading;
  private volatile Duration limit = USUAL_LIMIT;

  private Shutdown(CancellationToken token) {
    registration =
        JvmShutdown.beforeStop(
            () -> {
              token.cancel();
              try {
                if (reading) {
                  return;
                }
                done.await(limit.toSeconds(), TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  /** From now on, the end of the process cancels {@code token} first. */
  static Shutdown cancelling(CancellationToken token) {
    return new Shutdown(token);
  }

  /** {@code in} as a command should read it: a read that blocks does not keep the process. */
  InputStream input(InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        reading = true;
        try {
          return super.read(bytes, offset, length);
        } finally {
          reading = false;
        }
      }
    };
  }

  /** From now on, the end of the process waits this long for the command. */
  void waitAtMost(Duration limit) {
    this.limit = limit;
  }

  /** The command has ended, and so may the process. */
  void finished() {
    done.countDown();
    registration.close();
  }
}
