package io.github.lumina4j.cli;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.DecodingOptions;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.IncompleteImageException;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.SamplingOptions;
import io.github.lumina4j.Task;
import io.github.lumina4j.Tasks;
import io.github.lumina4j.demo.Scene;
import io.github.lumina4j.demo.check.EvaluationItem;
import io.github.lumina4j.image.Panels;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a model made of a question.
 *
 * @param pictures the answer to each prompt, in order; both panels together where a task makes two
 * @param results what was drawn for each prompt; one less if there is no last picture
 * @param failure why the last picture cannot be checked; empty if it can
 * @param seconds for all pictures
 * @param codes that passes decided
 * @param passes that decided codes
 */
record EvaluationAnswer(
    List<RgbImage> pictures,
    List<GenerationResult> results,
    String failure,
    double seconds,
    long codes,
    long passes) {
  EvaluationAnswer {
    pictures = List.copyOf(pictures);
    results = List.copyOf(results);
  }

  /** The last picture. */
  RgbImage last() {
    return pictures.get(pictures.size() - 1);
  }

  /** The last picture as its check wants it: for pairs both panels. */
  List<RgbImage> panels() {
    return last().height() == 2 * Scene.PIXELS
        ? List.of(Panels.upperHalf(last()), Panels.lowerHalf(last()))
        : List.of(last());
  }

  /** Asks a model; where there are two prompts, the second with the first answer as picture. */
  static EvaluationAnswer of(
      Backend.Session session,
      EvaluationItem item,
      SamplingOptions sampling,
      DecodingOptions decoding,
      CancellationToken cancellation) {
    Task task = Tasks.byName(item.task());
    List<RgbImage> pictures = new ArrayList<>();
    List<GenerationResult> results = new ArrayList<>();
    RgbImage given = item.given();
    double seconds = 0;
    long codes = 0;
    long passes = 0;
    for (String prompt : item.prompts()) {
      GenerationRequest.Builder builder =
          GenerationRequest.builder(prompt)
              .task(task)
              .description(Objects.requireNonNullElse(item.description(), ""))
              .size(Scene.PIXELS, Scene.PIXELS * task.panels())
              // With the sampled header of the reference, a picture may end early.
              .allowPartial(true)
              .sampling(sampling)
              .decoding(decoding);
      if (given != null) {
        builder.image(given);
      }
      GenerationRequest request = builder.build();
      GenerationResult result;
      try {
        result = session.generate(request, progress -> {}, cancellation);
      } catch (IncompleteImageException e) {
        pictures.add(new RgbImage(1, 1, new byte[RgbImage.CHANNELS]));
        return new EvaluationAnswer(
            pictures, results, "no picture: " + e.getMessage(), seconds, codes, passes);
      }
      seconds += result.stats().totalSeconds();
      codes += result.stats().codes();
      passes += result.stats().codePasses();
      pictures.add(result.mainImage());
      results.add(result);
      boolean asAsked =
          result.complete()
              && result.image().width() == request.size().width()
              && result.image().height() == request.size().height();
      if (!asAsked) {
        return new EvaluationAnswer(
            pictures, results, "a picture of another size", seconds, codes, passes);
      }
      given = result.mainImage();
    }
    return new EvaluationAnswer(pictures, results, "", seconds, codes, passes);
  }
}
