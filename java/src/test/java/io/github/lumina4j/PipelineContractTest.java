package io.github.lumina4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.testing.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract in LuminaPipeline's class comment, line by line. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PipelineContractTest {
  private static LuminaPipeline shared;

  @BeforeAll
  static void open() {
    shared = newPipeline();
  }

  @AfterAll
  static void close() {
    shared.close();
  }

  private static LuminaPipeline newPipeline() {
    return LuminaPipeline.open(PipelineOptions.builder(Recipes.tiny()).build());
  }

  private static GenerationRequest request(int side) {
    return GenerationRequest.builder("A cat.").size(side, side).build();
  }

  @Test
  void calls_from_several_threads_run_one_after_another() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    List<Integer> overlaps = Collections.synchronizedList(new ArrayList<>());
    List<CompletableFuture<GenerationResult>> calls = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      AtomicInteger own = new AtomicInteger();
      calls.add(
          CompletableFuture.supplyAsync(
              () -> {
                GenerationResult result =
                    shared.generate(
                        request(64),
                        progress -> {
                          if (own.getAndIncrement() == 0) {
                            overlaps.add(inside.getAndIncrement());
                          }
                          if (progress.phase() == Progress.Phase.IMAGE_DECODE) {
                            inside.decrementAndGet();
                          }
                        },
                        null);
                return result;
              }));
    }
    for (CompletableFuture<GenerationResult> call : calls) {
      assertThat(call.get().image().width()).isEqualTo(64);
    }
    assertThat(overlaps).containsExactly(0, 0, 0, 0);
  }

  @Test
  void the_listener_runs_on_the_calling_thread_and_phases_come_in_order() {
    List<Progress> heard = new ArrayList<>();
    AtomicReference<Thread> thread = new AtomicReference<>();
    shared.generate(
        request(64),
        progress -> {
          thread.set(Thread.currentThread());
          heard.add(progress);
        },
        null);
    assertThat(thread.get()).isSameAs(Thread.currentThread());
    assertThat(heard)
        .extracting(Progress::phase)
        .isSorted()
        .contains(Progress.Phase.PREFILL, Progress.Phase.DECODE, Progress.Phase.IMAGE_DECODE);
    assertThat(heard).extracting(Progress::rowsDone).isSorted();
    Progress last = heard.get(heard.size() - 1);
    assertThat(last.rowsDone()).isEqualTo(8);
    assertThat(last.rowsTotal()).isEqualTo(8);
  }

  @Test
  void an_exception_of_the_listener_comes_out_unchanged() {
    IOException failure = new IOException("disk of the listener is full");
    assertThatThrownBy(
            () ->
                shared.generate(
                    request(64),
                    progress -> {
                      PipelineContractTest.<RuntimeException>sneak(failure);
                    },
                    null))
        .isSameAs(failure);
    assertThat(shared.generate(request(32)).complete()).isTrue();
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable failure) throws T {
    throw (T) failure;
  }

  @Test
  void cancelling_takes_effect_within_one_step() {
    CancellationToken token = new CancellationToken();
    AtomicInteger after = new AtomicInteger();
    assertThatThrownBy(
            () ->
                shared.generate(
                    request(256),
                    progress -> {
                      if (token.isCancelled()) {
                        after.incrementAndGet();
                      }
                      if (progress.tokensDone() == 5) {
                        token.cancel();
                      }
                    },
                    token))
        .isInstanceOf(GenerationCancelledException.class);
    assertThat(after.get()).isLessThanOrEqualTo(1);
  }

  @Test
  void a_token_cancelled_before_stops_at_once() {
    CancellationToken token = new CancellationToken();
    token.cancel();
    assertThatThrownBy(() -> shared.generate(request(64), null, token))
        .isInstanceOf(GenerationCancelledException.class);
    ImageCodes codes = new ImageCodes(8, 8, new int[64]);
    assertThatThrownBy(() -> shared.logLikelihood(request(64), codes, token))
        .isInstanceOf(GenerationCancelledException.class);
  }

  @Test
  void close_cancels_the_running_call_and_waits_for_it() throws Exception {
    LuminaPipeline pipeline = newPipeline();
    CountDownLatch running = new CountDownLatch(1);
    CompletableFuture<GenerationResult> call =
        CompletableFuture.supplyAsync(
            () -> pipeline.generate(request(512), progress -> running.countDown(), null));
    running.await();
    pipeline.close();
    assertThatThrownBy(() -> call.get(1, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(GenerationCancelledException.class);
    pipeline.close();
  }

  @Test
  void any_call_after_close_raises_illegal_state() {
    LuminaPipeline pipeline = newPipeline();
    pipeline.close();
    assertThatThrownBy(() -> pipeline.generate(request(32)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    ImageCodes codes = new ImageCodes(4, 4, new int[16]);
    assertThatThrownBy(() -> pipeline.logLikelihood(request(32), codes))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(pipeline::modelInfo).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> pipeline.decode(new ImageCodes(1, 1, new int[] {3})))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void calling_the_pipeline_from_its_listener_raises_illegal_state() {
    assertThatThrownBy(
            () -> shared.generate(request(32), progress -> shared.generate(request(32)), null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("listener");
    assertThatThrownBy(() -> shared.generate(request(32), progress -> shared.close(), null))
        .isInstanceOf(IllegalStateException.class);
    assertThat(shared.generate(request(32)).complete()).isTrue();
  }

  @Test
  void an_unreachable_pipeline_is_freed_and_logged() throws Exception {
    List<String> messages = Collections.synchronizedList(new ArrayList<>());
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            messages.add(record.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger(LuminaPipeline.class.getName());
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    try {
      newPipeline();
      for (int i = 0; i < 100 && messages.isEmpty(); i++) {
        System.gc();
        Thread.sleep(50);
      }
      assertThat(messages).anyMatch(message -> message.contains("not closed"));
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(true);
    }
  }

  @Test
  void opening_and_closing_again_and_again_keeps_memory_level() throws Exception {
    Path file = Recipes.tiny().resolve("movqgan.safetensors");
    PipelineOptions options = PipelineOptions.imageTokenizerOnly(file).build();
    ImageCodes codes = new ImageCodes(2, 2, new int[] {1, 2, 3, 4});
    for (int i = 0; i < 5; i++) {
      cycle(options, codes);
    }
    long before = residentBytes();
    for (int i = 0; i < 40; i++) {
      cycle(options, codes);
    }
    // The weights alone are 17 MB a time, so a leak would be 680 MB.
    assertThat(residentBytes() - before).isLessThan(200L << 20);
  }

  private static void cycle(PipelineOptions options, ImageCodes codes) {
    try (LuminaPipeline pipeline = LuminaPipeline.open(options)) {
      assertThat(pipeline.decode(codes).width()).isEqualTo(16);
    }
  }

  private static long residentBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    throw new IOException("no VmRSS");
  }
}
