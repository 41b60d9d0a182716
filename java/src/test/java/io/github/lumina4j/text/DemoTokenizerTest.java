package io.github.lumina4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.Task;
import io.github.lumina4j.Tasks;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo model's tokenizer, against ids that the Python library it was made with computed. */
class DemoTokenizerTest {
  private static final int IMAGE_TOKEN_OFFSET = 576;

  private static LuminaTokenizer tokenizer;
  private static SpecialTokens special;
  private static PromptBuilder builder;

  @BeforeAll
  static void open() {
    TokenizerFile file = TokenizerFile.read(Path.of("../demo/model"));
    special = SpecialTokens.of(file, IMAGE_TOKEN_OFFSET);
    tokenizer = LuminaTokenizer.open(file);
    builder = new PromptBuilder(tokenizer, special);
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  private static int[] prompt(String task, int height, String prompt) {
    return builder.build(Tasks.byName(task).fill(96, height, prompt, null)).ids();
  }

  @Test
  void ids_are_those_of_the_library() {
    assertThat(prompt("t2i", 96, "A red circle left of a blue square."))
        .containsExactly(
            517, 314, 485, 277, 288, 220, 24, 21, 87, 24, 21, 453, 443, 261, 455, 454, 316, 32, 299,
            294, 407, 288, 258, 397, 369, 13, 537);
    assertThat(prompt("i2i-depth", 192, "Two green stars."))
        .containsExactly(
            517, 314, 258, 322, 328, 277, 288, 220, 24, 21, 87, 16, 24, 17, 539, 451, 355, 542, 502,
            395, 509, 13, 537);
    assertThat(tokenizer.encode("Ünïcode 日本 🦊 purpleish"))
        .containsExactly(
            127, 250, 77, 127, 107, 66, 78, 433, 220, 162, 245, 98, 162, 250, 105, 220, 172, 253,
            99, 232, 398, 283, 71);
  }

  @Test
  void control_tokens_lie_below_the_image_codes() {
    assertThat(special.bos()).isEqualTo(517);
    int[] grid = special.grid();
    for (int n = 1; n <= 16; n++) {
      assertThat(grid[n]).isBetween(1, IMAGE_TOKEN_OFFSET - 1);
    }
    for (String token : tokenizer.file().addedTokens()) {
      assertThat(tokenizer.id(token).getAsInt()).as(token).isLessThan(IMAGE_TOKEN_OFFSET);
    }
    assertThat(tokenizer.id(SpecialTokens.IMAGE)).isPresent();
  }

  // A sentence with all that a caption can say: 12 words.
  @Test
  void prompts_of_every_task_are_short() {
    String caption = "A large red star left of a blue heart on a mint background.";
    for (Task task : Tasks.builtIn()) {
      String description = task.description() == Task.Need.REQUIRED ? "a red star" : null;
      int height = 96 * task.panels();
      int length = builder.build(task.fill(96, height, caption, description)).ids().length;
      // The paper's wording of one task is not worth phrases of its own.
      assertThat(length)
          .as(task.name())
          .isLessThanOrEqualTo(task.name().equals("subject-paper") ? 60 : 34);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "an orange triangle and a purple cross on a night background",
        "three small cyan circles above a yellow heart",
        "move the pink square down and add a white cross",
      })
  void words_of_the_demo_world_are_one_token_each(String words) {
    assertThat(tokenizer.encode(words)).hasSize(words.split(" ").length);
  }

  @Test
  void the_wording_of_a_template_is_not_for_users() {
    String phrase = " where the <upper half> displays a <";
    assertThatThrownBy(() -> prompt("t2i", 96, "A cat" + phrase + "dog>."))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(phrase);
    assertThat(prompt("t2i", 96, "A cat where the <upper half> displays a dog.")).isNotEmpty();
  }
}
