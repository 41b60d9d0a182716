package io.github.lumina4j.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.training.TrainingListener;
import io.github.lumina4j.training.TrainingProgress;
import io.github.lumina4j.training.TrainingResult;
import java.nio.file.Path;
import org.bytedeco.javacpp.BytePointer;

/** Runs the engine's trainer. */
public final class TrainingBridge {
  private TrainingBridge() {}

  /** Carries progress from the trainer to a listener. */
  private static final class Observer extends NativeTrainingObserver {
    private final EngineCall<?> call;
    private final TrainingListener listener;

    Observer(EngineCall<?> call, TrainingListener listener) {
      this.call = call;
      this.listener = listener;
    }

    @Override
    public boolean on_step(NativeTrainingProgress progress) {
      return call.tell(
          () -> {
            TrainingProgress told = progress(progress);
            return () -> listener.onUpdate(told);
          });
    }
  }

  /**
   * Trains until the end, the time limit, a cancellation or an interrupt. The listener is called on
   * this thread.
   *
   * @param options as the engine's train_job.h lists them
   */
  public static TrainingResult train(
      ObjectNode options, TrainingListener listener, CancellationToken cancellation) {
    return EngineThread.once(
        call -> {
          try (BytePointer json = Natives.utf8(options.toString());
              Observer observer = new Observer(call, listener);
              NativeTrainingSummary summary = new NativeTrainingSummary();
              NativeStatus status = new NativeStatus()) {
            NativeLumina.train(json, observer, call.flag(), summary, status);
            Natives.check(status);
            return new TrainingResult(
                Path.of(Natives.text(summary.model())),
                summary.first_step(),
                summary.steps(),
                summary.finished(),
                summary.loss());
          }
        },
        cancellation);
  }

  private static TrainingProgress progress(NativeTrainingProgress progress) {
    return new TrainingProgress(
        progress.step(),
        progress.steps(),
        progress.loss(),
        progress.learning_rate(),
        progress.gradient_norm(),
        progress.seconds(),
        Json.readNumbers(Natives.text(progress.metrics())));
  }
}
