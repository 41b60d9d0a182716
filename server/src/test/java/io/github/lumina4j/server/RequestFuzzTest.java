package io.github.lumina4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.Task;
import io.github.lumina4j.Tasks;
import io.github.lumina4j.model.GenerationDefaults;
import io.github.lumina4j.text.ControlTokens;
import io.github.lumina4j.text.FilledTemplate;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand inputs, good, bad and odd: each is a request, or refused in the words of the API.
 */
class RequestFuzzTest {
  private static final int BODIES = 4000;
  private static final int FORMS = 3000;
  private static final int SENTENCES = 3000;

  private static final List<Charset> CHARSETS =
      List.of(
          StandardCharsets.UTF_8,
          StandardCharsets.UTF_16,
          StandardCharsets.UTF_16LE,
          StandardCharsets.ISO_8859_1);
  private static final List<String> FORM_TYPES =
      List.of(
          "multipart/form-data",
          "multipart/form-data; boundary=",
          "multipart/form-data; boundary=\"\"",
          "multipart/form-data; boundary=-",
          "multipart/form-data; boundary=\"" + ServerTest.BOUNDARY + "\"",
          "multipart/form-data; charset=x; boundary=" + ServerTest.BOUNDARY + "; boundary=y",
          "multipart/form-data; boundary=" + "b".repeat(200));
  private static final List<String> SIZES =
      List.of("32x32", "64x96", "256x256", "32x64", "100x100", "0x0", "auto", "1x1", "38368x32");
  private static final List<String> CONTROL_TOKENS =
      List.of("<|image|>", "<eoss>", "<reserved08706>", "<racm3:break>");

  private final Random random = new Random(20261123);
  private final ObjectMapper json = new ObjectMapper();
  private final RequestParser parser =
      new RequestParser(
          new ServedModel(
              "fake",
              new GenerationDefaults(64, 64, 3.5, 50, 0.9),
              new FakeGenerator(),
              result -> Map.of()),
          ServerOptions.builder()
              .maxPixels(256 * 256)
              .maxBodyBytes(1 << 18)
              .maxInputPixels(1 << 16)
              .build(),
          () -> 7);
  private int requests;
  private int refused;

  /** Asserts one of the two ends that there are. */
  private void parse(byte[] input, Supplier<ImageRequest> parsing) {
    try {
      assertThat(parsing.get().count()).isPositive();
      requests++;
    } catch (ApiException | LuminaException e) {
      ApiException answer = Failures.answer(e);
      assertThat(answer.status()).as(shown(input)).isBetween(400, 499);
      assertThat(answer.getMessage()).as(shown(input)).isNotBlank().doesNotContain("\n");
      refused++;
    } catch (Throwable e) {
      throw new AssertionError("of " + shown(input), e);
    }
  }

  private static String shown(byte[] input) {
    return new String(input, StandardCharsets.ISO_8859_1);
  }

  private void assertBothEnds() {
    assertThat(requests).isGreaterThan(100);
    assertThat(refused).isGreaterThan(100);
  }

  @Test
  void bodies_are_requests_or_refused() {
    for (int i = 0; i < BODIES; i++) {
      byte[] body = body(i);
      parse(body, () -> parser.generation(RequestFields.ofJson(body)));
    }
    assertBothEnds();
  }

  private byte[] body(int number) {
    return switch (number % 5) {
      case 0 -> Fuzz.json(random).getBytes(StandardCharsets.UTF_8);
      case 1 -> Fuzz.damaged(Fuzz.json(random).getBytes(StandardCharsets.UTF_8), random);
      case 2 -> nested().getBytes(StandardCharsets.US_ASCII);
      case 3 -> Fuzz.json(random).getBytes(Fuzz.of(CHARSETS, random));
      default -> worded().getBytes(StandardCharsets.UTF_8);
    };
  }

  /** Deep, long, or both. */
  private String nested() {
    int length = 1 << random.nextInt(17);
    return switch (random.nextInt(5)) {
      case 0 -> "[".repeat(length);
      case 1 -> "{\"prompt\":" + "[".repeat(length) + "]".repeat(length) + "}";
      case 2 -> "{\"prompt\":\"x\",\"seed\":" + "9".repeat(length) + "}";
      case 3 -> "{\"prompt\":\"x\",\"temperature\":0." + "0".repeat(length) + "1e" + length + "}";
      default -> "{\"" + "n".repeat(length) + "\":1}";
    };
  }

  private String worded() {
    ObjectNode fields = json.createObjectNode();
    fields.put("prompt", Fuzz.words(random));
    if (random.nextInt(4) == 0) {
      fields.put("description", Fuzz.words(random));
    }
    if (random.nextInt(4) == 0) {
      fields.put("task", task().name());
    }
    if (random.nextInt(4) == 0) {
      fields.put(Fuzz.words(random), 1);
    }
    fields.put("size", Fuzz.of(SIZES, random));
    return fields.toString();
  }

  private Task task() {
    return Fuzz.of(Tasks.builtIn(), random);
  }

  @Test
  void forms_are_requests_or_refused() {
    for (int i = 0; i < FORMS; i++) {
      byte[] whole = form();
      byte[] form = random.nextInt(3) == 0 ? whole : Fuzz.damaged(whole, random);
      String type =
          random.nextInt(8) == 0
              ? Fuzz.of(FORM_TYPES, random)
              : "multipart/form-data; boundary=" + ServerTest.BOUNDARY;
      parse(form, () -> parser.edit(MultipartForm.read(type, form)));
    }
    assertBothEnds();
  }

  private byte[] form() {
    byte[] picture = ServerTest.png(ServerTest.picture(side(), side()));
    if (random.nextInt(4) == 0) {
      picture = Fuzz.damaged(picture, random);
    }
    String prompt = random.nextInt(3) == 0 ? Fuzz.words(random) : "make it night";
    return random.nextInt(3) == 0
        ? ServerTest.form(picture, "prompt", prompt, Fuzz.field(random), Fuzz.words(random))
        : ServerTest.form(picture, "prompt", prompt, "size", Fuzz.of(SIZES, random));
  }

  private int side() {
    return random.nextInt(20) == 0 ? 1 + random.nextInt(2000) : 1 + random.nextInt(40);
  }

  @Test
  void sentences_hold_the_words_as_they_are_or_are_refused() {
    ControlTokens control = new ControlTokens(CONTROL_TOKENS);
    for (int i = 0; i < SENTENCES; i++) {
      String prompt = Fuzz.words(random);
      String description = random.nextBoolean() ? "" : Fuzz.words(random);
      try {
        FilledTemplate sentence =
            task().fill(random.nextInt(2000) - 20, random.nextInt(2000), prompt, description);
        for (FilledTemplate.UserText part : sentence.userTexts()) {
          String words = part.name().equals("prompt") ? prompt : description;
          assertThat(sentence.text().substring(part.start(), part.end()))
              .isEqualTo(words.isBlank() ? "" : words);
        }
        control.check(sentence);
        assertThat(prompt).doesNotContain(CONTROL_TOKENS);
        requests++;
      } catch (IllegalArgumentException e) {
        assertThat(e).isExactlyInstanceOf(IllegalArgumentException.class);
        assertThat(e.getMessage()).isNotBlank();
        refused++;
      }
    }
    assertBothEnds();
  }
}
