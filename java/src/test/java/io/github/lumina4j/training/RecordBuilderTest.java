package io.github.lumina4j.training;

import static io.github.lumina4j.training.Examples.BOS;
import static io.github.lumina4j.training.Examples.CODES;
import static io.github.lumina4j.training.Examples.END;
import static io.github.lumina4j.training.Examples.GRID;
import static io.github.lumina4j.training.Examples.NEW_LINE;
import static io.github.lumina4j.training.Examples.SEPARATOR;
import static io.github.lumina4j.training.Examples.START;
import static io.github.lumina4j.training.Examples.picture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.ImageCodes;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.Task;
import io.github.lumina4j.Tasks;
import io.github.lumina4j.training.TrainingExample.Conversation;
import io.github.lumina4j.training.TrainingExample.OfTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Examples as tokens and labels. */
class RecordBuilderTest {
  private static final int NONE = TokenRecord.NO_LABEL;
  private static final String TEMPLATE = "{w}x{h}:\n{prompt}";

  @TempDir static Path folder;
  private static RecordBuilder builder;

  @BeforeAll
  static void open() throws IOException {
    builder = RecordBuilder.open(Examples.model(folder), Examples::encode);
  }

  @AfterAll
  static void close() {
    builder.close();
  }

  private static OfTask example(String task, RgbImage... pictures) {
    Task short_ = Tasks.byName(task).withTemplate(TEMPLATE);
    return new OfTask(short_, "A cat.", null, List.of(pictures));
  }

  // Tokens of rows of codes, counted upwards from `first`.
  private static int[] rows(int rows, int columns, int first) {
    return IntStream.range(0, rows)
        .flatMap(
            row ->
                IntStream.concat(
                    IntStream.range(0, columns).map(c -> CODES + first + row * columns + c),
                    IntStream.of(NEW_LINE)))
        .toArray();
  }

  private static int[] join(int[]... parts) {
    return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
  }

  private static int[] ids(int... ids) {
    return ids;
  }

  private static int[] none(int count) {
    return IntStream.generate(() -> NONE).limit(count).toArray();
  }

  // "32x32:⏎A cat." as docs/spec/model.md 9.2 has it, every number by hand.
  @Test
  void text_to_image_is_the_layout_of_the_specification() {
    TokenRecord record = builder.build(example("t2i", picture(32, 32, 5)));
    assertThat(record.tokens())
        .containsExactly(
            262, 18, 17, 87, 18, 17, 259, 32, 258, 13, 266, // BOS text SEP
            263, 269, 269, // START G(1) G(1)
            325, 326, 327, 328, 265, // four rows of four codes
            329, 330, 331, 332, 265, //
            333, 334, 335, 336, 265, //
            337, 338, 339, 340, 265, //
            264, 266); // END SEP
    assertThat(record.labels())
        .containsExactly(
            -100, -100, -100, -100, -100, -100, -100, -100, -100, -100, -100, //
            263, 269, 269, //
            325, 326, 327, 328, 265, //
            329, 330, 331, 332, 265, //
            333, 334, 335, 336, 265, //
            337, 338, 339, 340, 265, //
            264, 266);
  }

  @Test
  void the_height_comes_before_the_width() {
    int[] tokens = builder.build(example("t2i", picture(64, 32, 0))).tokens();
    assertThat(Arrays.copyOfRange(tokens, 11, 15))
        .containsExactly(START, GRID + 1, GRID + 2, CODES);
    assertThat(tokens).containsSequence(rows(4, 8, 0));
  }

  @Test
  void both_halves_of_a_pair_are_learned_as_one_picture() {
    TokenRecord record =
        builder.build(example("pair-depth", picture(32, 32, 0), picture(32, 32, 40)));
    int[] image =
        join(ids(START, GRID + 2, GRID + 1), rows(4, 4, 0), rows(4, 4, 40), ids(END, SEPARATOR));
    assertThat(record.tokens())
        .isEqualTo(join(ids(BOS, 18, 17, 87, 21, 19, 259, 32, 258, 13, SEPARATOR), image)); // 32x64
    assertThat(record.labels()).isEqualTo(join(none(11), image));
  }

  @Test
  void a_given_half_is_read_and_not_learned() {
    OfTask example = example("edit", picture(32, 32, 0), picture(32, 32, 40));
    TokenRecord record = builder.build(example);
    TokenRecord pair =
        builder.build(example("pair-depth", picture(32, 32, 0), picture(32, 32, 40)));
    assertThat(record.tokens()).isEqualTo(pair.tokens());
    assertThat(record.labels())
        .isEqualTo(join(none(11 + 3 + 20), rows(4, 4, 40), ids(END, SEPARATOR)));
  }

  @Test
  void only_what_the_model_says_is_learned() {
    Conversation talk =
        new Conversation(
            List.of("A<|image|> cat", "<|image|>", "A", " cat."),
            List.of(picture(32, 32, 0), picture(32, 32, 20)));
    int[] first = join(ids(START, GRID + 1, GRID + 1), rows(4, 4, 0), ids(END));
    int[] second = join(ids(START, GRID + 1, GRID + 1), rows(4, 4, 20), ids(END, SEPARATOR));
    TokenRecord record = builder.build(talk);
    assertThat(record.tokens())
        .isEqualTo(
            join(
                ids(BOS, 32),
                first,
                ids(258, SEPARATOR),
                second,
                ids(32, SEPARATOR),
                ids(258, 13, SEPARATOR)));
    assertThat(record.labels())
        .isEqualTo(join(none(2 + 24 + 2), second, none(2), ids(258, 13, SEPARATOR)));
  }

  @Test
  void pictures_without_a_place_come_first() {
    List<RgbImage> pictures = List.of(picture(32, 32, 0));
    TokenRecord record = builder.build(new Conversation(List.of("A", "A"), pictures));
    assertThat(record)
        .isEqualTo(builder.build(new Conversation(List.of("<|image|> A", "A"), pictures)));
    assertThat(record.length()).isEqualTo(1 + 24 + 2 + 1 + 2);
  }

  @Test
  void control_tokens_in_words_are_refused() {
    RgbImage picture = picture(32, 32, 0);
    assertThatThrownBy(
            () -> builder.build(new OfTask(Tasks.byName("t2i"), "<eoss>", null, List.of(picture))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("<eoss>");
    for (String token :
        List.of("<eoss>", "<racm3:break>", "<reserved08799>", "<reserved08801>", "<|im_end|>")) {
      assertThatThrownBy(
              () -> builder.build(new Conversation(List.of("A" + token, "A"), List.of())))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("message: control token " + token + " is not allowed");
    }
    assertThatThrownBy(
            () -> builder.build(new Conversation(List.of("A<reserved08706>", "A"), List.of())))
        .hasMessage("message: control token <reserved08706> is not allowed");
  }

  @Test
  void places_and_pictures_have_to_agree() {
    assertThatThrownBy(
            () -> builder.build(new Conversation(List.of("A", "<|image|><|image|>"), List.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the conversation has 2 places for pictures and 0 pictures");
  }

  @Test
  void a_size_that_cannot_be_said_is_refused() {
    assertThatThrownBy(() -> builder.build(example("t2i", picture(32, 9 * 32, 0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the tokenizer has no token for a side of 288 pixels");
    assertThatThrownBy(() -> example("t2i", picture(32, 40, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("multiples of 32");
    assertThatThrownBy(() -> example("edit", picture(32, 32, 0), picture(32, 64, 0)))
        .hasMessage("panels of 32x32 and 32x64 pixels do not make one picture");
    assertThatThrownBy(() -> example("edit", picture(32, 32, 0)))
        .hasMessage("task edit has 2 panels, not 1");
  }

  @Test
  void an_encoder_that_answers_for_another_picture_is_a_defect() throws IOException {
    try (RecordBuilder other =
        RecordBuilder.open(
            Examples.model(folder), picture -> new ImageCodes(1, 1, new int[] {0}))) {
      assertThatThrownBy(() -> other.build(example("t2i", picture(32, 32, 0))))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void a_tokenizer_without_the_place_of_a_picture_is_refused(@TempDir Path damaged)
      throws IOException {
    var model = Examples.model(damaged);
    Path file = damaged.resolve("tokenizer.json");
    Files.writeString(file, Files.readString(file).replace("<|image|>", "<|other|>"));
    assertThatThrownBy(() -> RecordBuilder.open(model, Examples::encode))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("token <|image|> is missing");
  }
}
