package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data that the Python original has pre-tokenised trains the same model as our own records. */
class PretokenisedEndToEndTest {
  @TempDir Path folder;

  private final Program program = new Program(new LibraryBackend());

  @BeforeEach
  void records() throws IOException {
    program.variables.put("LUMINA_CACHE", folder.resolve("cache").toString());
    program.variables.put("LUMINA_MODEL", "recipe:tiny");
    StringBuilder examples = new StringBuilder();
    for (int i = 0; i < 3; i++) {
      byte[] pixels = new byte[64 * 64 * 3];
      for (int p = 0; p < pixels.length; p++) {
        pixels[p] = (byte) (p * (i + 3) % 251);
      }
      ImageFiles.write(file(i + ".png"), new RgbImage(64, 64, pixels));
      examples
          .append("{\"image_path\":\"" + i + ".png\",\"prompt\":\"")
          .append(i == 0 ? "" : "fox " + i)
          .append("\"}\n");
    }
    Files.writeString(file("in.jsonl"), examples);
    succeed(
        "tokenize",
        file("in.jsonl"),
        file("records"),
        "--target-size",
        64,
        "--lines",
        file("lines.jsonl"));
    List<String> lines = Files.readAllLines(file("lines.jsonl"));
    assertThat(lines).as("an empty prompt is no reason to leave an example out").hasSize(3);
    Files.createDirectories(file("set/files"));
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      Files.write(file("set/files/" + i + ".pkl"), pickle(lines.get(i), i));
      list.append("{\"file\": \"/gpu/out/set/files/" + i + ".pkl\", \"len\": 81, \"id\": " + i)
          .append("}\n");
    }
    Files.writeString(file("set/0-of-1-record.jsonl"), list);
    Files.writeString(
        file("set/record.json"), "[" + list.toString().strip().replace("\n", ", ") + "]");
    Files.writeString(file("data.yaml"), "META:\n  - path: 'set/record.json'\n");
  }

  // As Python's pickle.dump writes it: protocol 4.
  private static byte[] pickle(String line, int id) throws IOException {
    JsonNode record = new ObjectMapper().readTree(line);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(new byte[] {'}', (byte) 0x94, '('});
    for (String key : List.of("token", "label")) {
      name(body, key);
      body.write(new byte[] {']', (byte) 0x94, '('});
      for (JsonNode number : record.path(key)) {
        body.write('J');
        body.write(bytes(4).putInt(number.intValue()).array());
      }
      body.write('e');
    }
    name(body, "id");
    body.write(new byte[] {'K', (byte) id, 'u', '.'});
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(new byte[] {(byte) 0x80, 4, (byte) 0x95});
    all.write(bytes(8).putLong(body.size()).array());
    all.write(body.toByteArray());
    return all.toByteArray();
  }

  private static void name(ByteArrayOutputStream out, String name) throws IOException {
    out.write(new byte[] {(byte) 0x8c, (byte) name.length()});
    out.write(name.getBytes(StandardCharsets.US_ASCII));
    out.write(0x94);
  }

  private static ByteBuffer bytes(int count) {
    return ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private Program.Result run(Object... args) {
    return program.run(Stream.of(args).map(Object::toString).toArray(String[]::new));
  }

  private void succeed(Object... args) {
    Program.Result result = run(args);
    assertThat(result.code()).as(result.err()).isZero();
  }

  private Program.Result finetune(Path data, Path output) {
    return run(
        "finetune",
        "--data",
        data,
        "-o",
        output,
        "--lora-rank",
        2,
        "--batch-size",
        1,
        "--accumulation",
        1,
        "--steps",
        3,
        "--warmup-steps",
        0,
        "--learning-rate",
        0.1);
  }

  @Test
  void every_form_trains_the_same_adapter() throws IOException {
    Program.Result own = finetune(file("records"), file("own"));
    assertThat(own.code()).as(own.err()).isZero();
    byte[] expected = Files.readAllBytes(file("own/final/adapter_model.safetensors"));
    for (String form :
        List.of("set/record.json", "set/0-of-1-record.jsonl", "data.yaml", "set/files", "set")) {
      Path output = file("run-" + form.replace('/', '-'));
      Program.Result result = finetune(file(form), output);
      assertThat(result.code()).as(form + ": " + result.err()).isZero();
      assertThat(output.resolve("final/adapter_model.safetensors"))
          .as(form)
          .hasBinaryContent(expected);
    }
    Program.Result one = finetune(file("set/files/1.pkl"), file("one"));
    assertThat(one.code()).as(one.err()).isZero();
  }

  @Test
  void a_bad_item_is_named_with_its_file() throws IOException {
    Files.write(file("set/files/1.pkl"), new byte[] {(byte) 0x80, 4, 'N', '.'});
    Program.Result result = finetune(file("set/record.json"), file("run"));
    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err()).contains("1.pkl: is a pickle of no token record but None");
    for (String finished : List.of("set/files/0.pkl", "data.yaml")) {
      Program.Result tokenize = run("tokenize", file(finished), file("out"));
      assertThat(tokenize.code()).isEqualTo(2);
      assertThat(tokenize.err()).contains("give it to 'lumina finetune --data'");
    }
    Program.Result tokenize = run("tokenize", file("set/record.json"), file("out"));
    assertThat(tokenize.err()).contains("lumina finetune --data");
  }
}
