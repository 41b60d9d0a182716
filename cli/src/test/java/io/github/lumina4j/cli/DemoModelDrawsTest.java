package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.DecodingOptions;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.SamplingOptions;
import io.github.lumina4j.demo.check.EvaluationItem;
import io.github.lumina4j.demo.check.EvaluationSet;
import io.github.lumina4j.model.DemoModel;
import io.github.lumina4j.model.GenerationDefaults;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The demo model on what it has learned well, each answer judged by its check. A few questions of
 * each group, most of which it must get right: rounding differs between processors, so single
 * answers may. {@code lumina evaluate} asks them all.
 */
class DemoModelDrawsTest {
  private static final long SEED = 1;
  private static final int QUESTIONS = 3;
  private static final int RIGHT = 2;

  private static final Map<String, List<EvaluationItem>> QUESTIONS_BY_GROUP =
      EvaluationSet.create(SEED).stream()
          .collect(
              LinkedHashMap::new,
              (groups, item) ->
                  groups.computeIfAbsent(item.group(), group -> new ArrayList<>()).add(item),
              Map::putAll);

  /** Right about three times in four or more when all questions are asked. */
  private static final List<String> LEARNED =
      List.of("single_object", "colors", "counting", "dense-depth", "dense-canny");

  @TempDir static Path cache;

  private static Backend.Session session;
  private static SamplingOptions sampling;

  @BeforeAll
  static void openTheModel() {
    Path folder = DemoModel.folder(cache);
    sampling = new SamplingMixin().resolve(GenerationDefaults.read(folder), SEED);
    session = new LibraryBackend().open(PipelineOptions.builder(folder).build());
  }

  @AfterAll
  static void closeTheModel() {
    session.close();
  }

  static Stream<String> groups() {
    return LEARNED.stream();
  }

  @ParameterizedTest
  @MethodSource("groups")
  void most_answers_are_right(String group) {
    List<String> wrong = new ArrayList<>();
    for (EvaluationItem item : QUESTIONS_BY_GROUP.get(group).subList(0, QUESTIONS)) {
      EvaluationAnswer answer =
          EvaluationAnswer.of(
              session,
              item,
              sampling.withSeed(item.seed()),
              DecodingOptions.SEQUENTIAL,
              new CancellationToken());
      EvaluationOutcome outcome = EvaluationOutcome.of(item, 1, 1, item.seed(), answer);
      if (!outcome.passed()) {
        wrong.add(item.prompts() + ": " + outcome.reason());
      }
    }
    assertThat(wrong).hasSizeLessThanOrEqualTo(QUESTIONS - RIGHT);
  }
}
