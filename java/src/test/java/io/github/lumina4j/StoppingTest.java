package io.github.lumina4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.testing.Recipes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How calls are stopped that run, and those that wait for their turn. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StoppingTest {
  private static LuminaPipeline pipeline;

  @BeforeAll
  static void open() {
    pipeline = LuminaPipeline.open(PipelineOptions.builder(Recipes.tiny()).build());
  }

  @AfterAll
  static void close() {
    pipeline.close();
  }

  private static GenerationRequest request(int side) {
    return GenerationRequest.builder("A cat.").size(side, side).build();
  }

  /** What became of a call on a thread of its own. */
  private static final class Caller {
    final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    volatile boolean flag;
    final Thread thread;

    Caller(Runnable call) {
      thread =
          new Thread(
              () -> {
                Throwable thrown = null;
                try {
                  call.run();
                } catch (Throwable e) {
                  thrown = e;
                }
                flag = Thread.currentThread().isInterrupted();
                failure.complete(thrown);
              });
      thread.start();
    }

    /** Waits until the thread waits. */
    Caller waiting() throws InterruptedException {
      while (thread.getState() != Thread.State.WAITING) {
        Thread.sleep(1);
      }
      return this;
    }
  }

  /** A call that stays in its listener until it is let go. */
  private static final class Held implements AutoCloseable {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch release = new CountDownLatch(1);
    final Caller caller;

    Held(LuminaPipeline pipeline) throws InterruptedException {
      caller =
          new Caller(
              () ->
                  pipeline.generate(
                      request(32),
                      progress -> {
                        begun.countDown();
                        try {
                          release.await();
                        } catch (InterruptedException e) {
                          throw new IllegalStateException(e);
                        }
                      },
                      null));
      begun.await();
    }

    @Override
    public void close() throws Exception {
      release.countDown();
      assertThat(caller.failure.get()).isNull();
    }
  }

  @Test
  void an_interrupt_ends_a_running_call_and_the_flag_is_set() throws Exception {
    CountDownLatch begun = new CountDownLatch(5);
    AtomicInteger steps = new AtomicInteger();
    Caller caller =
        new Caller(
            () ->
                pipeline.generate(
                    request(768),
                    progress -> {
                      steps.incrementAndGet();
                      begun.countDown();
                    },
                    null));
    begun.await();
    caller.thread.interrupt();
    assertThat(caller.failure.get())
        .isInstanceOf(GenerationCancelledException.class)
        .hasMessageContaining("interrupted");
    assertThat(caller.flag).isTrue();
    assertThat(steps.get()).isLessThan(96 * 97);
    assertThat(pipeline.generate(request(32)).complete()).isTrue();
  }

  @Test
  void an_interrupt_ends_a_call_without_a_listener_too() throws Exception {
    Caller caller = new Caller(() -> pipeline.generate(request(768))).waiting();
    caller.thread.interrupt();
    assertThat(caller.failure.get()).isInstanceOf(GenerationCancelledException.class);
    assertThat(caller.flag).isTrue();
  }

  @Test
  void an_interrupt_that_came_before_ends_the_call() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> pipeline.generate(request(768)))
        .isInstanceOf(GenerationCancelledException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(pipeline.generate(request(32)).complete()).isTrue();
  }

  @Test
  void an_interrupt_ends_a_call_that_waits_at_once() throws Exception {
    try (Held held = new Held(pipeline)) {
      Caller waiting = new Caller(() -> pipeline.generate(request(32))).waiting();
      Caller encoding =
          new Caller(() -> pipeline.encode(new RgbImage(8, 8, new byte[192]))).waiting();
      waiting.thread.interrupt();
      encoding.thread.interrupt();
      assertThat(waiting.failure.get()).isInstanceOf(GenerationCancelledException.class);
      assertThat(encoding.failure.get()).isInstanceOf(GenerationCancelledException.class);
      assertThat(waiting.flag && encoding.flag).isTrue();
      assertThat(held.caller.failure).isNotDone();
    }
  }

  @Test
  void a_token_ends_a_call_that_waits_at_once() throws Exception {
    try (Held held = new Held(pipeline)) {
      CancellationToken token = new CancellationToken();
      Caller waiting = new Caller(() -> pipeline.generate(request(32), null, token)).waiting();
      token.cancel();
      assertThat(waiting.failure.get()).isInstanceOf(GenerationCancelledException.class);
      assertThat(waiting.flag).isFalse();
      assertThat(held.caller.failure).isNotDone();
    }
  }

  @Test
  void a_future_that_is_cancelled_frees_its_worker() throws Exception {
    ExecutorService worker = Executors.newSingleThreadExecutor();
    try {
      CountDownLatch begun = new CountDownLatch(1);
      Future<GenerationResult> picture =
          worker.submit(() -> pipeline.generate(request(768), progress -> begun.countDown(), null));
      begun.await();
      picture.cancel(true);
      assertThat(worker.submit(() -> pipeline.generate(request(32)).complete()).get()).isTrue();
    } finally {
      worker.shutdownNow();
    }
  }

  @Test
  void interrupts_can_be_kept_from_running_calls() throws Exception {
    PipelineOptions options = PipelineOptions.builder(Recipes.tiny()).interruptible(false).build();
    try (LuminaPipeline calm = LuminaPipeline.open(options)) {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch interrupted = new CountDownLatch(1);
      Caller caller =
          new Caller(
              () ->
                  calm.generate(
                      request(64),
                      progress -> {
                        begun.countDown();
                        while (interrupted.getCount() > 0) {
                          Thread.onSpinWait();
                        }
                      },
                      null));
      begun.await();
      caller.thread.interrupt();
      Caller waiting = new Caller(() -> calm.generate(request(32))).waiting();
      waiting.thread.interrupt();
      assertThat(waiting.failure.get()).isInstanceOf(GenerationCancelledException.class);
      interrupted.countDown();
      assertThat(caller.failure.get()).isNull();
      assertThat(caller.flag).isTrue();
    }
  }

  @Test
  void a_cancelled_call_does_not_wait_for_its_listener() throws Exception {
    CancellationToken token = new CancellationToken();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Caller caller =
        new Caller(
            () ->
                pipeline.generate(
                    request(64),
                    progress -> {
                      begun.countDown();
                      while (release.getCount() > 0) {
                        Thread.onSpinWait();
                      }
                      assertThatThrownBy(() -> pipeline.generate(request(32)))
                          .isInstanceOf(IllegalStateException.class);
                    },
                    token));
    begun.await();
    token.cancel();
    assertThat(pipeline.generate(request(32)).complete()).isTrue(); // the engine is free
    release.countDown();
    assertThat(caller.failure.get()).isInstanceOf(GenerationCancelledException.class);
  }

  @Test
  void closing_ends_what_waits_with_illegal_state() throws Exception {
    LuminaPipeline own = LuminaPipeline.open(PipelineOptions.builder(Recipes.tiny()).build());
    CountDownLatch begun = new CountDownLatch(1);
    Caller running =
        new Caller(() -> own.generate(request(768), progress -> begun.countDown(), null));
    begun.await();
    Caller waiting = new Caller(() -> own.generate(request(32))).waiting();
    assertThat(own.isClosed()).isFalse();
    own.close();
    assertThat(own.isClosed()).isTrue();
    assertThat(running.failure.get()).isInstanceOf(GenerationCancelledException.class);
    assertThat(waiting.failure.get())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void a_failure_of_the_engine_tells_where_the_call_came_from() {
    ImageCodes beyond = new ImageCodes(1, 1, new int[] {1_000_000});
    assertThatThrownBy(() -> pipeline.decode(beyond))
        .isInstanceOfSatisfying(
            LuminaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .satisfies(
            e ->
                assertThat(e.getStackTrace())
                    .extracting(StackTraceElement::getClassName)
                    .contains(StoppingTest.class.getName()));
  }

  @Test
  void opening_can_be_interrupted() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> LuminaPipeline.open(PipelineOptions.builder(Recipes.tiny()).build()))
        .isInstanceOf(GenerationCancelledException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
