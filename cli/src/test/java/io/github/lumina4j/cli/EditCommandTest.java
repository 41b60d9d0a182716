package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.ImageSize;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.image.Panels;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class EditCommandTest extends CommandTest {
  @Test
  void the_given_picture_and_the_words_reach_the_library() {
    Path input = picture("cup.png", 96, 64);
    succeed(
        "edit",
        input,
        "on a beach",
        "--task",
        "subject",
        "--description",
        "a blue cup",
        "--size",
        "64x128",
        "-o",
        file("out.png"));
    GenerationRequest request = backend.requests.get(0);
    assertThat(request.task().name()).isEqualTo("subject");
    assertThat(request.prompt()).isEqualTo("on a beach");
    assertThat(request.description()).isEqualTo("a blue cup");
    assertThat(request.image()).contains(ImageFiles.read(input));
    assertThat(ImageFiles.readText(file("out.png")))
        .containsEntry("image", "cup.png")
        .containsEntry("description", "a blue cup")
        .containsEntry("panel", "lower");
  }

  @Test
  void the_file_gets_the_lower_panel_or_both() {
    Path input = picture("a.png", 64, 64);
    succeed("edit", input, "night", "--seed", 1, "--size", "64x128", "-o", file("lower.png"));
    succeed(
        "edit",
        input,
        "night",
        "--seed",
        1,
        "--size",
        "64x128",
        "--whole",
        "-o",
        file("whole.png"));
    RgbImage whole = ImageFiles.read(file("whole.png"));
    assertThat(whole.height()).isEqualTo(128);
    assertThat(ImageFiles.read(file("lower.png"))).isEqualTo(Panels.lowerHalf(whole));
  }

  @Test
  void a_picture_that_is_scaled_is_told_so() {
    Path input = picture("a.png", 128, 128);
    String scaled = "(the given 128x128 was scaled to 64x64; see --size)";
    assertThat(succeed("edit", input, "night", "--size", "64x128", "-o", file("small.png")).err())
        .contains(scaled);
    assertThat(succeed("edit", input, "night", "--size", "128x256", "-o", file("same.png")).err())
        .doesNotContain("was scaled");
  }

  @Test
  void the_size_follows_the_given_picture() {
    succeed("edit", picture("wide.png", 200, 100), "night", "-o", file("out.png"));
    ImageSize size = backend.requests.get(0).size();
    assertThat(size.width()).isGreaterThan(size.height() / 2);
    assertThat(size.isMultipleOf(32, 64)).isTrue();
  }

  @Test
  void a_dense_task_needs_no_prompt() {
    succeed("edit", picture("a.png", 64, 64), "--task", "dense-depth", "-o", file("out.png"));
    assertThat(backend.requests.get(0).prompt()).isEmpty();
  }
}
