package io.github.lumina4j.testing;

import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.LuminaPipeline;
import io.github.lumina4j.PipelineOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Many threads that live at the same time and each make a picture:
 *
 * <pre>CallersProgram MODEL CALLERS THREADS [virtual]</pre>
 *
 * It tells how many threads the process had, callers included, before and after. Virtual callers
 * have one carrier, and one of them must run while the others wait.
 */
public final class CallersProgram {
  private CallersProgram() {}

  public static void main(String[] arguments) throws Exception {
    int callers = Integer.parseInt(arguments[1]);
    PipelineOptions options =
        PipelineOptions.builder(Path.of(arguments[0]))
            .threads(Integer.parseInt(arguments[2]))
            .build();
    try (LuminaPipeline pipeline = LuminaPipeline.open(options)) {
      if (arguments.length > 3) {
        virtual(pipeline, callers);
      } else {
        platform(pipeline, callers);
      }
    } catch (LuminaException e) {
      System.out.println(e.code() + ": " + e.getMessage());
    }
  }

  private static GenerationRequest request() {
    return GenerationRequest.builder("A cat.").size(32, 32).build();
  }

  private static void platform(LuminaPipeline pipeline, int callers) throws Exception {
    pipeline.generate(request());
    CountDownLatch start = new CountDownLatch(1);
    CountDownLatch drawn = new CountDownLatch(callers);
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger pictures = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  start.await();
                  pipeline.generate(request(), progress -> {}, null);
                  pictures.incrementAndGet();
                  drawn.countDown();
                  end.await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      threads.add(thread);
      thread.start();
    }
    System.out.println("before " + threads());
    start.countDown();
    drawn.await();
    System.out.println("after " + threads());
    System.out.println("pictures " + pictures.get());
    end.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void virtual(LuminaPipeline pipeline, int callers) throws Exception {
    AtomicInteger pictures = new AtomicInteger();
    CountDownLatch queued = new CountDownLatch(callers);
    CountDownLatch other = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    // The engine waits in this listener until a virtual thread that comes after all others has run.
    pipeline.generate(
        request(),
        progress -> {
          if (!threads.isEmpty()) {
            return;
          }
          for (int i = 0; i < callers; i++) {
            threads.add(
                startVirtual(
                    () -> {
                      queued.countDown();
                      pipeline.generate(request(), heard -> {}, null);
                      pictures.incrementAndGet();
                    }));
          }
          await(queued);
          threads.add(startVirtual(other::countDown));
          await(other);
        },
        null);
    for (Thread thread : threads) {
      thread.join();
    }
    System.out.println("pictures " + pictures.get());
  }

  /** {@code Thread.startVirtualThread}, which the JDK that compiles this may not have. */
  private static Thread startVirtual(Runnable task) {
    try {
      return (Thread)
          Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int threads() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("Threads:")) {
        return Integer.parseInt(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no Threads");
  }
}
