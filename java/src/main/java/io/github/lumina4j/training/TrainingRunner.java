package io.github.lumina4j.training;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.internal.TrainingBridge;
import java.lang.System.Logger.Level;

/** What running every kind of job shares. */
final class TrainingRunner {
  private static final System.Logger LOG = System.getLogger(TrainingRunner.class.getName());

  private TrainingRunner() {}

  /** The options that all kinds have, under the engine's names. */
  static ObjectNode describe(TrainingJob job, String kind) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("kind", kind).put("output", job.output().toString());
    job.options().describe(json);
    return json;
  }

  /** Trains, and draws the curves at every checkpoint and wherever it ends. */
  static TrainingResult run(
      TrainingJob job, ObjectNode json, TrainingListener listener, CancellationToken token) {
    boolean[] updated = {false};
    TrainingListener drawing =
        progress -> {
          updated[0] = true;
          if (progress.step() % job.options().saveEvery() == 0) {
            drawCurves(job);
          }
          if (listener != null) {
            listener.onUpdate(progress);
          }
        };
    try {
      return TrainingBridge.train(json, drawing, token == null ? new CancellationToken() : token);
    } finally {
      if (updated[0]) {
        drawCurves(job);
      }
    }
  }

  /** A picture that cannot be drawn is no reason to lose a run. */
  private static void drawCurves(TrainingJob job) {
    try {
      TrainingCurves.write(job.output());
    } catch (LuminaException failure) {
      LOG.log(Level.WARNING, "no curves: " + failure.getMessage());
    }
  }
}
