package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.image.WriteOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A batch that is given again draws what is missing and nothing else. */
class BatchAgainTest extends CommandTest {
  private static final String OLD = "/batch-of-version-0.1.0/";

  /** A model with weights, a tokenizer and an adapter beside it. */
  private Path weights(String name) {
    try {
      Path model = FakeBackend.checkpoint(file(name));
      Files.writeString(
          model.resolve("config.json"), "{\"a\": 1, \"transformers_version\": \"4\"}");
      Files.writeString(model.resolve("tokenizer.json"), "{\"words\": []}");
      Files.writeString(model.resolve("tokenizer_config.json"), "{}");
      Files.writeString(model.resolve("model.safetensors"), "weights 1");
      Files.writeString(model.resolve("movqgan.safetensors"), "codes 1");
      Files.createDirectories(file("adapter"));
      Files.writeString(file("adapter/adapter_config.json"), "{\"r\": 1}");
      Files.writeString(file("adapter/adapter_model.safetensors"), "lora 1");
      return model;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Program.Result batch(Path model, Object... more) throws IOException {
    if (!Files.exists(file("b.txt"))) {
      Files.writeString(file("b.txt"), "a\nb\n");
    }
    Object[] all = {
      "batch",
      file("b.txt"),
      "-o",
      file("out"),
      "--size",
      "32x32",
      "--model",
      model,
      "--lora",
      file("adapter") + ":0.5"
    };
    return succeed(Stream.of(all, more).flatMap(Stream::of).toArray());
  }

  private void drawn(int count, Program.Result result) {
    assertThat(backend.requests).as(result.err()).hasSize(count);
    backend.requests.clear();
  }

  @Test
  void times_other_files_places_and_programs_do_not_matter() throws IOException {
    Path model = weights("m");
    drawn(2, batch(model));
    for (String name : List.of("model.safetensors", "movqgan.safetensors", "config.json")) {
      Files.setLastModifiedTime(model.resolve(name), FileTime.fromMillis(1_000_000));
    }
    drawn(0, batch(model));
    Files.writeString(model.resolve("README.md"), "");
    Files.writeString(model.resolve("training-state.safetensors"), "x");
    drawn(0, batch(model));
    Path copy = weights("another name");
    drawn(0, batch(copy));
    Files.writeString(
        copy.resolve("config.json"), "{\r\n\"transformers_version\": \"5\", \"a\": 1}\r\n");
    drawn(0, batch(copy));
    program.variables.put("LUMINA_CACHE", file("another cache").toString());
    drawn(0, batch(copy));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m/model.safetensors",
        "m/movqgan.safetensors",
        "m/tokenizer.json",
        "m/config.json",
        "adapter/adapter_model.safetensors",
        "adapter/adapter_config.json"
      })
  void another_content_of_the_same_name_size_and_time_does(String name) throws IOException {
    Path model = weights("m");
    Path file = file(name);
    FileTime time = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(file, time);
    drawn(2, batch(model));
    Files.writeString(file, Files.readString(file).replace('1', '2').replace("[]", "{}"));
    Files.setLastModifiedTime(file, time);
    Program.Result result = batch(model);
    assertThat(result.err())
        .contains(
            "drawing it again",
            name.contains("adapter")
                ? "other adapters"
                : name.contains("movq") ? "another image tokenizer" : "another model");
    drawn(2, result);
    drawn(0, batch(model));
  }

  @Test
  void the_weights_of_an_index_count_wherever_they_lie() throws IOException {
    Path model = weights("m");
    Files.delete(model.resolve("model.safetensors"));
    Files.createDirectories(model.resolve("parts"));
    Files.writeString(model.resolve("parts/1.safetensors"), "one");
    Files.writeString(
        model.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"a\": \"parts/1.safetensors\"}}");
    drawn(2, batch(model));
    Files.writeString(model.resolve("stray.safetensors"), "one");
    drawn(0, batch(model));
    Files.writeString(model.resolve("parts/1.safetensors"), "two");
    drawn(2, batch(model));
  }

  @Test
  void what_is_drawn_over_is_told_with_what_differs() throws IOException {
    Path model = weights("m");
    Files.writeString(file("b.txt"), "{\"prompt\":\"a\",\"key\":\"a\",\"seed\":1}\n");
    batch(model);
    Program.Result result = batch(model, "--cfg", 7);
    assertThat(result.err())
        .contains(file("out/a.png") + ": drawing it again")
        .contains("cfg 4.0, now 7.0");
    Files.copy(
        picture("own.png", 8, 8),
        file("out/a.png"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThat(batch(model).err()).contains("is no picture of this batch");
    drawn(3, result);
  }

  @Test
  void another_scale_or_given_picture_is_another_request() throws IOException {
    Path model = weights("m");
    picture("in.png", 64, 64);
    Files.writeString(
        file("b.txt"), "{\"prompt\":\"a\",\"image\":\"in.png\",\"size\":\"64x128\"}\n");
    drawn(1, batch(model));
    Files.copy(file("in.png"), file("same.png"));
    Files.setLastModifiedTime(file("in.png"), FileTime.fromMillis(1));
    drawn(0, batch(model));
    picture("in.png", 64, 96);
    drawn(1, batch(model));
    drawn(1, batch(model, "--lora", file("adapter") + ":0.25"));
  }

  /** Changes the mark in a picture's file. */
  private void change(Path file, Consumer<ObjectNode> change) throws IOException {
    RgbImage picture = ImageFiles.read(file);
    Map<String, String> text = new HashMap<>(ImageFiles.readText(file));
    ObjectNode mark = (ObjectNode) CommandTest.json(text.get(BatchMark.TEXT));
    change.accept(mark);
    text.put(BatchMark.TEXT, mark.toString());
    ImageFiles.write(file, picture, WriteOptions.DEFAULT.withText(text));
  }

  @Test
  void a_program_with_more_options_knows_the_pictures_of_one_with_fewer() throws IOException {
    Path model = weights("m");
    Files.writeString(file("b.txt"), "{\"prompt\":\"a\",\"key\":\"a\",\"speculate\":\"gum\"}\n");
    batch(model);
    Path made = file("out/a.png");
    // As if those who made it had not known these options yet.
    change(
        made,
        mark -> {
          ObjectNode request = (ObjectNode) mark.get("request");
          request.remove(List.of("temperature", "kv_cache", "cfg_schedule", "allow_partial"));
          ((ObjectNode) request.get("speculate")).remove("initialization");
        });
    backend.requests.clear();
    drawn(0, batch(model));
    drawn(1, batch(model, "--temperature", 0.5));
    change(made, mark -> ((ObjectNode) mark.get("request")).put("of_the_future", 3));
    Program.Result result = batch(model);
    assertThat(result.err()).contains("of-the-future 3, now none");
  }

  private void old(String name) {
    try {
      Path target = file(name);
      Files.createDirectories(target.getParent());
      Files.copy(Path.of(getClass().getResource(OLD + name).toURI()), target);
    } catch (IOException | URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static final List<String> OLD_PICTURES =
      List.of(
          "a-red-fox-8580d604.png",
          "house-1.png",
          "house-2.png",
          "green.png",
          "star.png",
          "best.png");

  private Program.Result oldBatch(Object... more) {
    Object[] all = {
      "batch",
      file("prompts.jsonl"),
      "-o",
      file("out"),
      "--size",
      "32x32",
      "--verifier",
      "grep -q '\"seed\":6' && echo 1 || echo 0"
    };
    return succeed(Stream.of(all, more).flatMap(Stream::of).toArray());
  }

  @Test
  void pictures_of_version_0_1_0_are_known_by_their_requests() throws IOException {
    old("prompts.jsonl");
    old("in.png");
    OLD_PICTURES.forEach(name -> old("out/" + name));
    Program.Result result = oldBatch();
    assertThat(result.err())
        .contains("6 of 6 pictures are there already")
        .contains("6 pictures are of an earlier version");
    drawn(0, result);
    result = oldBatch("--temperature", 0.5);
    assertThat(result.err()).contains("temperature 1.0, now 0.5");
    drawn(8, result);
    Files.delete(file("out/star.png"));
    drawn(1, oldBatch("--temperature", 0.5));
  }
}
