package io.github.lumina4j.server;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Inputs that nobody means; the same ones for the same random numbers. */
final class Fuzz {
  private static final List<String> FIELDS =
      List.of(
          ("prompt model n size quality background output_format stream seed output_compression"
                  + " response_format partial_images preview_rows guidance_scale top_k user"
                  + " temperature speculate window task description progress style unknown")
              .split(" "));

  private static final List<String> VALUES =
      """
      null
      true
      false
      0
      1
      -1
      3
      8
      64
      2147483648
      9223372036854775808
      1e400
      0.5
      -0.0
      NaN
      []
      {}
      [[[[[[[[1]]]]]]]]
      ""
      "a fox"
      "64x64"
      "0x0"
      "99999999x64"
      "auto"
      "url"
      "b64_json"
      "jpeg"
      "webp"
      "opaque"
      "mc"
      "edit"
      "t2i"
      "pair-depth"
      "fake"
      "two\\nlines"
      "\\u0000"
      "\\ud800"
      "\\ud83e\\udd8a"
      "../../etc/passwd"
      "<|endoftext|>"
      """
          .lines()
          .toList();

  private static final List<String> PIECES =
      List.of(
          "a fox",
          " ",
          "{prompt}",
          "{{",
          "}",
          "%s",
          "$1",
          "\\",
          "\"",
          "<",
          "|image|",
          ">",
          "<|image|>",
          "<eoss>",
          "<reserved08706>",
          "<racm3:break>",
          "\n",
          "\t",
          "\0",
          "\u0085",
          "\u202e",
          "\ufeff",
          "e\u0301",
          "\u72d0\u72f8",
          "\ud83e\udd8a",
          "x".repeat(1000));

  private Fuzz() {}

  static <T> T of(List<T> all, Random random) {
    return all.get(random.nextInt(all.size()));
  }

  static String field(Random random) {
    return of(FIELDS, random);
  }

  /** Words with what means something to somebody on the way to the model. */
  static String words(Random random) {
    StringBuilder words = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      words.append(of(PIECES, random));
    }
    return words.toString();
  }

  /** A request as JSON, or nearly. */
  static String json(Random random) {
    StringBuilder body = new StringBuilder("{");
    if (random.nextInt(4) > 0) {
      body.append("\"prompt\":\"a fox\",\"size\":\"32x32\"");
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      body.append(body.length() > 1 ? "," : "")
          .append('"')
          .append(field(random))
          .append("\":")
          .append(of(VALUES, random));
    }
    body.append('}');
    if (random.nextInt(5) == 0) {
      body.setCharAt(random.nextInt(body.length()), (char) random.nextInt(0x500));
    }
    return body.toString();
  }

  /** Some bytes changed, and sometimes the end missing. */
  static byte[] damaged(byte[] whole, Random random) {
    byte[] damaged = whole.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
    }
    return random.nextInt(5) == 0
        ? Arrays.copyOf(damaged, random.nextInt(damaged.length))
        : damaged;
  }
}
