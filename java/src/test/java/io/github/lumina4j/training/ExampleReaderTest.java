package io.github.lumina4j.training;

import static io.github.lumina4j.training.Examples.picture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.ImageSize;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.CenterCrop;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.training.TrainingExample.Conversation;
import io.github.lumina4j.training.TrainingExample.OfTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of examples, and what is in them. */
class ExampleReaderTest {
  @TempDir Path folder;
  private ExampleReader reader;

  @BeforeEach
  void pictures() throws IOException {
    Files.createDirectory(folder.resolve("sub"));
    ImageFiles.write(folder.resolve("a.png"), picture(64, 64, 0));
    ImageFiles.write(folder.resolve("sub/b.png"), picture(128, 128, 0));
    ImageFiles.write(folder.resolve("wide.png"), picture(140, 40, 0));
    reader = new ExampleReader(folder, 64, 7);
  }

  private static ExampleFile.Item item(long index, String json) {
    return new ExampleFile.Item(index, index + 1, json);
  }

  private TrainingExample read(String json) {
    return reader.read(item(0, json));
  }

  private List<ExampleFile.Item> items(String content) throws IOException {
    Path file = Files.writeString(folder.resolve("in"), content);
    List<ExampleFile.Item> items = new ArrayList<>();
    try (ExampleFile examples = ExampleFile.open(file)) {
      for (var item = examples.next(); item != null; item = examples.next()) {
        items.add(item);
      }
    }
    assertThat(ExampleFile.count(file)).isEqualTo(items.size());
    return items;
  }

  @Test
  void lines_keep_their_numbers_and_damaged_ones_their_place() throws IOException {
    assertThat(items("{\"a\":1}\n\n  \n{oops\n{\"a\":2}"))
        .containsExactly(
            new ExampleFile.Item(0, 1, "{\"a\":1}"),
            new ExampleFile.Item(1, 4, "{oops"),
            new ExampleFile.Item(2, 5, "{\"a\":2}"));
    assertThat(items("\n  \n  7\r\n8\r\n"))
        .containsExactly(new ExampleFile.Item(0, 3, "7"), new ExampleFile.Item(1, 4, "8"));
    assertThat(items("")).isEmpty();
    assertThat(items("\n \n")).isEmpty();
  }

  @Test
  void a_list_is_the_same_as_lines() throws IOException {
    assertThat(items("\n [ {\"a\": [1, {}]},\n {\"b\": null}\n , 7 ]\n"))
        .containsExactly(
            new ExampleFile.Item(0, 2, "{\"a\":[1,{}]}"),
            new ExampleFile.Item(1, 3, "{\"b\":null}"),
            new ExampleFile.Item(2, 4, "7"));
    assertThat(items("[]")).isEmpty();
  }

  @Test
  void a_file_that_cannot_be_read_is_said() throws IOException {
    assertThatThrownBy(() -> items("[{\"a\":1},"))
        .isInstanceOf(LuminaException.class)
        .hasMessageContaining("cannot read");
    assertThatThrownBy(() -> ExampleFile.open(folder.resolve("none")))
        .isInstanceOf(LuminaException.class)
        .hasMessage("cannot read " + folder.resolve("none") + ": there is no such file");
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThatThrownBy(() -> ExampleFile.count(binary)).hasMessageContaining("it is not UTF-8");
  }

  @Test
  void a_caption_names_the_size_of_the_cropped_picture() {
    OfTask example =
        (OfTask) reader.read(item(1, "{\"image_path\":\"wide.png\",\"prompt\":\"A cat.\"}"));
    assertThat(example.size()).isEqualTo(new ImageSize(128, 32));
    assertThat(example.prompt()).isEqualTo("A cat.");
    assertThat(example.task().name()).isEqualTo("t2i");
  }

  @Test
  void one_caption_in_ten_names_no_size_and_always_the_same_ones() {
    RgbImage picture = picture(64, 64, 0);
    List<ImageSize> sizes = CenterCrop.cropSizes(64);
    String sizeless = "Generate an image according to the following prompt:\nA cat.";
    String sized = "Generate an image of 64x64 according to the following prompt:\nA cat.";
    List<List<Long>> found = new ArrayList<>();
    for (long seed : new long[] {0, 0, 1}) {
      found.add(
          LongStream.range(0, 2000)
              .filter(
                  index -> {
                    OfTask example =
                        TrainingExample.Captioned.of(picture, "A cat.", sizes, seed, index);
                    String sentence = example.task().write(64, 64, example.prompt(), null);
                    assertThat(sentence).isIn(sized, sizeless);
                    return sentence.equals(sizeless);
                  })
              .boxed()
              .toList());
    }
    assertThat(found.get(0)).hasSizeBetween(160, 240).isEqualTo(found.get(1));
    assertThat(found.get(2)).hasSizeBetween(160, 240).isNotEqualTo(found.get(0));
    // Another seed is no shift of the same draws.
    assertThat(found.get(2).stream().filter(i -> found.get(0).contains(i + 1)).count())
        .isLessThan(60);
  }

  @Test
  void panels_take_the_size_of_the_first() {
    OfTask example =
        (OfTask)
            read(
                "{\"task\":\"subject\",\"prompt\":\"p\",\"description\":\"d\","
                    + "\"images\":[\"a.png\",\"sub/b.png\"],\"more\":1}");
    assertThat(example.task().name()).isEqualTo("subject");
    assertThat(example.description()).isEqualTo("d");
    assertThat(example.size()).isEqualTo(new ImageSize(64, 128));
    assertThat(example.pictures().get(0)).isEqualTo(picture(64, 64, 0));
    assertThat(example.pictures().get(1))
        .isEqualTo(CenterCrop.centerCrop(picture(128, 128, 0), 64, 64));
  }

  @Test
  void a_conversation_has_its_messages_and_pictures() {
    String talk =
        "{\"conversations\":[{\"from\":\"human\",\"value\":\"h\"},"
            + "{\"from\":\"gpt\",\"value\":\"<|image|>\"}],%s}";
    for (String images :
        List.of("\"image\":\"a.png\"", "\"image\":[\"a.png\"]", "\"<|image|>\":[\"a.png\"]")) {
      Conversation example = (Conversation) read(String.format(talk, images));
      assertThat(example.messages()).containsExactly("h", "<|image|>");
      assertThat(example.pictures()).containsExactly(picture(64, 64, 0));
    }
  }

  @Test
  void a_finished_record_is_taken_as_it_is() {
    TokenRecord record = new TokenRecord(new int[] {1, 2}, new int[] {-100, 2});
    String line = RecordLines.format(5, record);
    assertThat(line).isEqualTo("{\"token\":[1,2],\"label\":[-100,2],\"id\":5}");
    assertThat(reader.record(item(0, line))).contains(record);
    assertThat(RecordLines.parse(line)).isEqualTo(record);
    assertThat(reader.record(item(0, "{\"task\":\"t2i\"}"))).isEmpty();
    for (String damaged :
        List.of("{\"token\":[1.5],\"label\":[1]}", "{\"token\":[1],\"label\":[]}", "{\"token\"")) {
      assertThatThrownBy(() -> reader.record(item(0, damaged)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        "{} | neither task, image_path nor conversations is given",
        "7 | not a JSON object",
        "{\"task\":\"t2i\" | not JSON: ",
        "{\"task\":\"t2i\"} {} | not JSON: ",
        "{\"task\":\"nothing\"} | unknown task 'nothing'",
        "{\"task\":7} | task is not a text",
        "{\"task\":\"t2i\",\"image\":\"a.png\"} | task t2i needs a prompt",
        "{\"task\":\"t2i\",\"prompt\":\"p\"} | task t2i has 1 panels, not 0",
        "{\"task\":\"edit\",\"prompt\":\"p\",\"images\":[\"a.png\"]} | task edit has 2 panels",
        "{\"task\":\"edit\",\"prompt\":\"p\",\"images\":[7,8]} | images is not a list of file",
        "{\"image_path\":\"a.png\"} | prompt is missing",
        "{\"conversations\":[]} | a conversation needs",
        "{\"conversations\":[{\"from\":\"gpt\",\"value\":\"\"}]} | is not from human",
        "{\"conversations\":[{\"from\":\"human\",\"value\":null}]} | value is not a text",
      })
  void what_is_wrong_with_an_item_is_said(String json, String message) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void a_picture_that_is_missing_is_a_failure_of_the_item() {
    assertThatThrownBy(() -> read("{\"image_path\":\"none.png\",\"prompt\":\"p\"}"))
        .isInstanceOf(LuminaException.class)
        .hasMessageContaining("none.png");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 1 << 20})
  void a_target_that_no_picture_can_have_is_refused(int target) {
    assertThatThrownBy(() -> new ExampleReader(folder, target, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void the_prompt_of_an_example_may_be_empty() {
    OfTask captioned = (OfTask) read("{\"image_path\": \"a.png\", \"prompt\": \"\"}");
    assertThat(captioned.task().write(64, 64, captioned.prompt(), null))
        .startsWith("Generate an image")
        .endsWith("\n");
    OfTask task = (OfTask) read("{\"task\": \"t2i\", \"prompt\": \" \", \"images\": [\"a.png\"]}");
    assertThat(task.task().name()).isEqualTo("t2i");
    assertThatThrownBy(() -> read("{\"task\": \"t2i\", \"images\": [\"a.png\"]}"))
        .hasMessage("task t2i needs a prompt");
  }

  @Test
  void what_names_a_finished_record_is_for_training() {
    assertThatThrownBy(() -> read("{\"file\": \"files/0.pkl\", \"len\": 14, \"id\": 0}"))
        .hasMessageContaining("lumina finetune --data");
  }
}
