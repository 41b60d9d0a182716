package io.github.lumina4j.testing;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.GenerationCancelledException;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.ImageCodes;
import io.github.lumina4j.LuminaPipeline;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.RgbImage;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * A program that is in the middle of something when it ends.
 *
 * <pre>EndingProgram MODEL WORK HOW MILLISECONDS</pre>
 *
 * WORK: {@code draw}, {@code prompt}, {@code decode}, {@code encode} or {@code open}, again and
 * again on a daemon thread. HOW it ends so long after that began: {@code exit} with status 7,
 * {@code return} from main, or {@code signal}, which it waits for and somebody else sends.
 */
public final class EndingProgram {
  private static final int SIDE = 768;

  private EndingProgram() {}

  public static void main(String[] arguments) throws InterruptedException {
    Path model = Path.of(arguments[0]);
    PipelineOptions options = PipelineOptions.builder(model).threads(4).build();
    CountDownLatch begun = new CountDownLatch(1);
    boolean open = arguments[1].equals("open");
    LuminaPipeline pipeline = open ? null : LuminaPipeline.open(options);
    Thread worker =
        new Thread(
            () -> {
              begun.countDown();
              try {
                while (true) {
                  work(pipeline, options, arguments[1]);
                }
              } catch (GenerationCancelledException e) {
                System.out.println("stopped: " + e.getMessage());
              }
            });
    worker.setDaemon(true);
    worker.start();
    begun.await();
    System.out.println("working");
    Thread.sleep(Long.parseLong(arguments[3]));
    System.out.println("ending " + System.currentTimeMillis());
    switch (arguments[2]) {
      case "exit" -> System.exit(7);
      case "return" -> {}
      default -> Thread.sleep(60_000);
    }
  }

  private static void work(LuminaPipeline pipeline, PipelineOptions options, String work) {
    switch (work) {
      case "draw" ->
          pipeline.generate(
              GenerationRequest.builder("A cat.").size(SIDE, SIDE).build(),
              null,
              new CancellationToken());
      case "prompt" ->
          pipeline.generate(GenerationRequest.builder("A cat. ".repeat(1000)).size(32, 32).build());
      case "decode" ->
          pipeline.decode(new ImageCodes(SIDE / 8, SIDE / 8, new int[SIDE * SIDE / 64]));
      case "encode" -> pipeline.encode(new RgbImage(SIDE, SIDE, new byte[SIDE * SIDE * 3]));
      case "open" -> LuminaPipeline.open(options).close();
      default -> throw new IllegalArgumentException(work);
    }
  }
}
