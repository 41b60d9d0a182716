package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** With {@code --json} there is one object on standard output, also if a command fails. */
class JsonFailuresTest extends CommandTest {
  private JsonNode error(int code, String id, Object... args) {
    Object[] all = Stream.concat(Stream.of(args), Stream.of("--json")).toArray();
    Program.Result result = run(all);
    assertThat(result.code()).as(result.err()).isEqualTo(code);
    JsonNode report = json(result.out());
    assertThat(report.path("schema_version").asInt()).isEqualTo(1);
    JsonNode error = report.path("error");
    assertThat(error.path("code").asText()).isEqualTo(id);
    assertThat(error.path("exit_code").asInt()).isEqualTo(code);
    String last = result.err().lines().reduce("", (a, b) -> b);
    assertThat(last).isEqualTo("lumina: " + error.path("message").asText());
    return report;
  }

  @Test
  void failures_before_anything_is_done() {
    error(2, "invalid-argument", "generate", "a", "--size", "100x100");
    error(2, "invalid-argument", "generate", "a", "--cfg", "much");
    error(2, "invalid-argument", "generate", "a", "--no-such-option");
    error(1, "io", "decode", file("none.json"));
    error(3, "checkpoint", "generate", "a", "--model", folder);
    error(1, "io", "reconstruct", file("none.png"));
    error(2, "invalid-argument", "tasks", "none");
    error(2, "invalid-argument", "generat", "a");
  }

  @Test
  void failures_of_the_engine() {
    backend.failure = LuminaException.of(ErrorCode.OUT_OF_MEMORY, "too\nlarge");
    error(5, "out-of-memory", "inspect", model());
    backend.failure = new OutOfMemoryError();
    error(5, "out-of-memory", "inspect", model());
    backend.failure = new IllegalStateException("a defect");
    error(1, "failed", "inspect", model());
    backend.failure = null;
    program.cancellation.cancel();
    error(130, "cancelled", "generate", "a");
  }

  @Test
  void a_batch_tells_failed_pictures_and_bad_lines() throws IOException {
    Files.writeString(file("b.jsonl"), "{\"prompt\":\"a\",\"sise\":1}\n{\n");
    JsonNode report = error(2, "invalid-argument", "batch", file("b.jsonl"), "-o", file("out"));
    assertThat(report.at("/error/lines")).hasSize(2);
    assertThat(report.at("/error/lines/1").asText()).contains("b.jsonl line 2: not JSON");
    Files.writeString(file("b.jsonl"), "{\"prompt\":\"a\"}\n{\"prompt\":\"b\"}\n");
    backend.beforePicture =
        number -> {
          if (number == 1) {
            throw LuminaException.of(ErrorCode.NUMERICAL, "NaN");
          }
        };
    report = error(1, "failed", "batch", file("b.jsonl"), "-o", file("out"), "--size", "32x32");
    assertThat(report.path("made").asInt()).isEqualTo(1);
    assertThat(report.path("failed")).hasSize(1);
    program.cancellation.cancel();
    report =
        error(130, "cancelled", "batch", file("b.jsonl"), "-o", file("out"), "--size", "32x32");
    assertThat(report.path("earlier").asInt()).isEqualTo(1);
  }

  @Test
  void the_option_is_not_looked_for_among_prompts() {
    Program.Result result = run("generate", "--no-such-option", "--", "--json");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
  }

  @Test
  void every_report_has_the_version_of_its_layout() {
    for (Object[] args :
        new Object[][] {
          {"tasks"}, {"devices"}, {"doctor"}, {"list"}, {"bench", "--recipe", "tiny"}
        }) {
      Object[] all = Stream.concat(Stream.of(args), Stream.of("--json")).toArray();
      String out = succeed(all).out();
      assertThat(out).startsWith("{\"schema_version\":1,");
      assertThat(json(out).has("error")).isFalse();
    }
  }
}
