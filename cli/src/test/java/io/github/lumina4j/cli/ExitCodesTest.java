package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExitCodesTest extends CommandTest {
  private static final Map<ErrorCode, Integer> EXPECTED = new EnumMap<>(ErrorCode.class);

  static {
    EXPECTED.put(ErrorCode.INVALID_ARGUMENT, 2);
    EXPECTED.put(ErrorCode.CHECKPOINT, 3);
    EXPECTED.put(ErrorCode.OUT_OF_MEMORY, 5);
    EXPECTED.put(ErrorCode.DEVICE, 4);
    EXPECTED.put(ErrorCode.CANCELLED, 130);
    EXPECTED.put(ErrorCode.INCOMPLETE, 1);
    EXPECTED.put(ErrorCode.NUMERICAL, 1);
    EXPECTED.put(ErrorCode.IO, 1);
    EXPECTED.put(ErrorCode.INTERNAL, 1);
  }

  @ParameterizedTest
  @EnumSource(value = ErrorCode.class, mode = EnumSource.Mode.EXCLUDE, names = "OK")
  void every_kind_of_failure_has_its_code_and_one_line(ErrorCode code) {
    backend.failure = LuminaException.of(code, "step 7\nwent wrong");
    Program.Result result = run("generate", "fox", "-q", "-o", file("fox.png"));
    assertThat(result.code()).isEqualTo(EXPECTED.get(code));
    assertThat(result.err())
        .isEqualTo(
            code == ErrorCode.CANCELLED ? "lumina: cancelled\n" : "lumina: step 7 went wrong\n");
    assertThat(result.out()).isEmpty();
    assertThat(files()).isEmpty();
  }

  @Test
  void an_argument_the_library_refuses_is_wrong_usage() {
    backend.failure =
        new IllegalArgumentException("prompt: control token <|image|> is not allowed");
    Program.Result result = run("generate", "fox", "-q");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("control token");
  }

  @Test
  void memory_that_runs_out_in_java_has_its_code() {
    backend.failure = new OutOfMemoryError("Java heap space");
    Program.Result result = run("generate", "fox", "-q");
    assertThat(result.code()).isEqualTo(5);
    assertThat(result.err()).startsWith("lumina: the Java heap of ").contains("LUMINA_JAVA_OPTS");
  }

  @Test
  void memory_that_runs_out_outside_a_command_has_its_code() {
    assertThat(ExitCodes.of(new OutOfMemoryError())).isEqualTo(5);
  }

  @Test
  void a_defect_is_one_line_too() {
    backend.failure = new AssertionError("bug");
    assertThat(run("devices").code()).isEqualTo(1);
    assertThat(run("devices").err()).isEqualTo("lumina: AssertionError: bug\n");
    backend.failure = new NullPointerException();
    assertThat(run("devices").err()).isEqualTo("lumina: NullPointerException\n");
  }

  @Test
  void a_stack_trace_is_for_those_who_ask() {
    backend.failure = LuminaException.of(ErrorCode.DEVICE, "no device");
    assertThat(run("devices").err()).isEqualTo("lumina: no device\n");
    assertThat(run("devices", "--verbose").err()).contains("lumina: no device\n", "\tat ");
    program.variables.put("LUMINA_DEBUG", "1");
    assertThat(run("devices").err()).contains("lumina: no device\n", "\tat ");
  }

  @Test
  void a_reader_that_went_away_is_no_failure() {
    assertThat(runInto("Broken pipe").code()).isZero();
    assertThat(runInto("Broken pipe").err()).isEmpty();
  }

  @Test
  void results_that_cannot_be_written_are_a_failure() {
    Program.Result result = runInto("No space left on device");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo("lumina: cannot write to standard output: No space left on device\n");
  }

  private Program.Result runInto(String problem) {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int value) throws IOException {
            throw new IOException(problem);
          }
        };
    StringWriter err = new StringWriter();
    int code =
        LuminaCommand.run(
            program.environment(), StandardStream.of(broken), new PrintWriter(err), "tasks");
    return new Program.Result(code, "", err.toString());
  }
}
