package io.github.lumina4j.training;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.internal.TrainingBridge;

/** What running every kind of job shares. */
final class TrainingRunner {
  private TrainingRunner() {}

  /** The options that all kinds have, under the engine's names. */
  static ObjectNode describe(TrainingJob job, String kind) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("kind", kind).put("output", job.output().toString());
    job.options().describe(json);
    return json;
  }

  static TrainingResult run(
      TrainingJob job, ObjectNode json, TrainingListener listener, CancellationToken token) {
    return TrainingBridge.train(
        json,
        listener == null ? progress -> {} : listener,
        token == null ? new CancellationToken() : token);
  }
}
