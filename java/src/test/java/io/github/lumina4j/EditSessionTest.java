package io.github.lumina4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.image.Panels;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class EditSessionTest implements Generator {
  private final List<GenerationRequest> requests = new ArrayList<>();
  private final List<Integer> groups = new ArrayList<>();
  private RuntimeException failure;
  private ImageSize decided; // what a model makes of a size that is left to it; null: nothing
  private final EditSession session =
      EditSession.open(
          this,
          noise(96, 64, 1),
          words -> GenerationRequest.builder(words).task("edit").seed(40).allowPartial(true));

  /** Pictures of noise, seeded like the request; both panels, as a pipeline gives them. */
  @Override
  public GenerationResult generate(
      GenerationRequest request, ProgressListener listener, CancellationToken cancellation) {
    requests.add(request);
    if (failure != null) {
      throw failure;
    }
    ImageSize size = decided == null ? request.size() : decided;
    return new GenerationResult(
        new GenerationRequest(
            request.task(),
            request.prompt(),
            request.description(),
            size,
            request.image(),
            request.sampling(),
            request.decoding(),
            request.allowPartial()),
        noise(size.width(), size.height(), request.sampling().seed()),
        new ImageCodes(1, 1, new int[1]),
        true,
        new GenerationStats(1, 1, 1, 1, 1, List.of(0L, 1L), 0, 0, 0, 0, 0, 0, 0, 0, 0));
  }

  @Override
  public void check(GenerationRequest request) {}

  @Override
  public void generateAll(
      GenerationRequest request,
      int count,
      ProgressListener listener,
      CancellationToken cancellation,
      Consumer<GenerationResult> results) {
    groups.add(count);
    Generator.oneByOne(this, request, count, listener, cancellation, results);
  }

  private static RgbImage noise(int width, int height, long seed) {
    byte[] pixels = new byte[width * height * 3];
    new Random(seed).nextBytes(pixels);
    return new RgbImage(width, height, pixels);
  }

  @Test
  void a_picture_goes_in_and_a_picture_comes_out() {
    assertThat(session.current()).isEqualTo(noise(96, 64, 1));
    GenerationResult first = session.apply("make it green");
    assertThat(requests.get(0).image()).contains(noise(96, 64, 1));
    assertThat(session.current()).isEqualTo(Panels.lowerHalf(first.image()));
    session.apply("add a star");
    assertThat(requests.get(1).image()).contains(Panels.lowerHalf(first.image()));
    assertThat(requests.get(1).size()).isEqualTo(requests.get(0).size());
    assertThat(requests).extracting(r -> r.sampling().seed()).containsExactly(40L, 41L);
    assertThat(requests).noneMatch(GenerationRequest::allowPartial);
    assertThat(session.history())
        .extracting(EditSession.Turn::instruction)
        .containsExactly("make it green", "add a star");
  }

  @Test
  void a_turn_can_be_taken_back_and_tried_again_with_another_seed() {
    RgbImage after = session.apply("one").mainImage();
    session.apply("two");
    assertThat(session.undo()).map(EditSession.Turn::instruction).contains("two");
    assertThat(session.current()).isEqualTo(after);
    session.apply("two");
    assertThat(requests).extracting(r -> r.sampling().seed()).containsExactly(40L, 41L, 42L);
    assertThat(session.history()).extracting(EditSession.Turn::number).containsExactly(1, 3);
    session.undo();
    session.undo();
    assertThat(session.undo()).isEmpty();
    assertThat(session.current()).isEqualTo(noise(96, 64, 1));
  }

  @Test
  void all_turns_have_the_size_that_the_model_gave_the_first() {
    decided = new ImageSize(64, 128);
    session.apply("one");
    decided = null;
    session.apply("two");
    assertThat(requests.get(0).size()).isNotEqualTo(new ImageSize(64, 128));
    assertThat(requests.get(1).size()).isEqualTo(new ImageSize(64, 128));
  }

  @Test
  void a_failure_leaves_the_session_as_it_was() {
    session.apply("one");
    RgbImage before = session.current();
    failure = new GenerationCancelledException("cancelled");
    assertThatThrownBy(() -> session.apply("two")).isSameAs(failure);
    failure = null;
    assertThat(session.current()).isEqualTo(before);
    assertThat(session.history()).hasSize(1);
    session.apply("three");
    assertThat(requests.get(2).sampling().seed()).isEqualTo(41);
  }

  @Test
  void instructions_that_are_none_are_refused() {
    assertThatThrownBy(() -> session.apply(" ")).isInstanceOf(IllegalArgumentException.class);
    assertThat(requests).isEmpty();
  }

  @Test
  void the_best_of_several_is_the_first_with_the_highest_score() {
    GenerationRequest request = GenerationRequest.builder("x").size(32, 32).seed(5).build();
    BestOfN all =
        BestOfN.draw(
            this,
            request,
            4,
            (result, token) -> result.request().sampling().seed() == 5 ? 0 : 0.5,
            null,
            null);
    assertThat(all.candidates())
        .extracting(BestOfN.Candidate::score)
        .containsExactly(0.0, 0.5, 0.5, 0.5);
    assertThat(groups).containsExactly(4); // for the generator to draw side by side
    assertThat(all.best().result().request().sampling().seed()).isEqualTo(6);
    assertThatThrownBy(() -> BestOfN.draw(this, request, 2, (p, r) -> Double.NaN, null, null))
        .isInstanceOf(LuminaException.class)
        .hasMessageContaining("seed 5 is NaN");
    failure = new IncompleteImageException("ended");
    assertThatThrownBy(() -> BestOfN.draw(this, request, 2, (p, r) -> 1, null, null))
        .isSameAs(failure);
  }
}
