package io.github.lumina4j.cli;

import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.Caption;
import io.github.lumina4j.demo.Edit;
import io.github.lumina4j.demo.Scene;
import io.github.lumina4j.demo.SceneRenderer;
import io.github.lumina4j.demo.SceneSampler;
import io.github.lumina4j.demo.Split;
import io.github.lumina4j.demo.SplitMix;
import io.github.lumina4j.demo.check.EvaluationItem;
import io.github.lumina4j.demo.check.EvaluationItem.Truth;
import io.github.lumina4j.demo.check.EvaluationSet;
import io.github.lumina4j.image.Panels;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Knows the questions of the evaluation by their seeds, and draws the right answers. */
final class DemoWorldOracle {
  private final Map<Long, EvaluationItem> bySeed = new HashMap<>();

  DemoWorldOracle(long seed) {
    EvaluationSet.create(seed).forEach(item -> bySeed.put(item.seed(), item));
  }

  /** The whole picture that a request should give. */
  RgbImage draw(GenerationRequest request) {
    EvaluationItem item = bySeed.get(request.sampling().seed());
    RgbImage answer = answer(item, request.prompt());
    return request.image().map(given -> Panels.stack(given, answer)).orElse(answer);
  }

  private static RgbImage answer(EvaluationItem item, String prompt) {
    if (item.truth() instanceof Truth.Words words) {
      return SceneRenderer.picture(scene(words.caption(), item.seed()));
    }
    if (item.truth() instanceof Truth.Pair pair) {
      Scene scene = scene(pair.caption(), item.seed());
      return Panels.stack(SceneRenderer.picture(scene), SceneRenderer.map(pair.kind(), scene));
    }
    if (item.truth() instanceof Truth.Controlled controlled) {
      return SceneRenderer.picture(controlled.scene());
    }
    if (item.truth() instanceof Truth.Dense dense) {
      return SceneRenderer.map(dense.kind(), dense.scene());
    }
    Truth.Edited edited = (Truth.Edited) item.truth();
    Scene scene = edited.chain().before();
    for (Edit edit : edited.chain().edits()) {
      scene = edit.apply(scene);
      if (edit.instruction().equals(prompt)) {
        break;
      }
    }
    return SceneRenderer.picture(scene);
  }

  private static Scene scene(Caption caption, long seed) {
    for (long i = 0; ; i++) {
      SplitMix random = new SplitMix(seed, i);
      Split split = i % 2 == 0 ? Split.HELD_OUT : Split.TRAINING;
      Optional<Scene> scene = new SceneSampler(split).tryScene(random, caption);
      if (scene.isPresent()) {
        return scene.get();
      }
    }
  }
}
