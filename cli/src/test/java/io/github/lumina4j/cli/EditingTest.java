package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.ImageSize;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.SamplingOptions;
import io.github.lumina4j.image.ImageFiles;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Instructions that follow each other. */
class EditingTest extends CommandTest {
  private List<String> prompts() {
    return backend.requests.stream().map(GenerationRequest::prompt).toList();
  }

  private List<Long> seeds() {
    return backend.requests.stream().map(request -> request.sampling().seed()).toList();
  }

  @Test
  void each_turn_begins_with_the_picture_of_the_one_before() {
    Path input = picture("in.png", 96, 64);
    Program.Result result =
        succeed("edit", input, "green", "a star", "night", "--seed", 7, "-o", file("t-{n}.png"));
    List<Path> made = List.of(file("t-1.png"), file("t-2.png"), file("t-3.png"));
    assertThat(result.out())
        .isEqualTo(made.get(0) + "\n" + made.get(1) + "\n" + made.get(2) + "\n");
    assertThat(prompts()).containsExactly("green", "a star", "night");
    assertThat(seeds()).containsExactly(7L, 8L, 9L);
    assertThat(backend.requests.get(0).image()).contains(ImageFiles.read(input));
    for (int turn = 1; turn < 3; turn++) {
      RgbImage before = ImageFiles.read(made.get(turn - 1));
      assertThat(backend.requests.get(turn).image()).contains(before);
      ImageSize size = backend.requests.get(turn).size();
      assertThat(size).isEqualTo(backend.requests.get(0).size());
      assertThat(List.of(before.width(), before.height() * 2))
          .containsExactly(size.width(), size.height());
    }
    RequestRecord last = PictureText.read(made.get(2));
    assertThat(last.turn()).isEqualTo(new UsedTurn(3, "in.png"));
    assertThat(last.image()).isEqualTo("t-2.png");
    assertThat(PictureText.read(made.get(0)).image()).isEqualTo("in.png");
    assertThat(succeed("inspect", made.get(1)).out()).contains("2 since in.png");
  }

  @Test
  void turns_get_numbers_where_the_name_has_no_place_for_them() {
    succeed("edit", picture("in.png", 64, 64), "a", "b", "-o", file("out.png"));
    assertThat(files()).containsExactly("in.png", "out-1.png", "out-2.png");
  }

  @Test
  void a_failing_turn_keeps_the_ones_before() {
    backend.beforePicture =
        number -> {
          if (number == 2) {
            throw LuminaException.of(ErrorCode.NUMERICAL, "NaN");
          }
        };
    Program.Result result =
        run("edit", picture("in.png", 64, 64), "a", "b", "c", "-o", file("out.png"));
    assertThat(result.code()).isEqualTo(1);
    assertThat(files()).containsExactly("in.png", "out-1.png");
  }

  @Test
  void what_does_not_go_with_turns_is_refused() {
    Path input = picture("in.png", 64, 64);
    refuse(2, "-n needs a single instruction", "edit", input, "a", "b", "-n", 2);
    refuse(2, "--whole needs a single", "edit", input, "a", "b", "--whole");
    refuse(2, "--allow-partial needs a single", "edit", input, "a", "b", "--allow-partial");
    refuse(2, "more than once", "edit", input, "a", "b", "--prompt", "c");
    refuse(2, "needs a prompt", "edit", input, "a", " ");
    Object[] wordless = {"edit", input, "--task", "dense-depth", "--template", "A depth map."};
    for (Object[] words : new Object[][] {{"a", "b"}, {"--interactive"}}) {
      refuse(2, "takes no prompt", Stream.of(wordless, words).flatMap(Stream::of).toArray());
    }
    refuse(2, "--interactive cannot be combined with", "edit", input, "a", "--interactive");
    refuse(2, "--json needs a single", "edit", input, "--interactive", "--json");
  }

  private Program.Result converse(String lines) {
    program.input(lines);
    return run(
        "edit",
        picture("in.png", 64, 64),
        "--interactive",
        "--seed",
        7,
        "--size",
        "64x128",
        "-o",
        file("t.png"));
  }

  @Test
  void a_conversation_edits_takes_back_and_saves() {
    Path saved = file("my picture.png");
    Program.Result result =
        converse("green\n\na star\nundo\n  night \nsave " + saved + "\nquit\nnever\n");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(prompts()).containsExactly("green", "a star", "night");
    assertThat(seeds()).containsExactly(7L, 8L, 9L);
    RgbImage first = ImageFiles.read(file("t-1.png"));
    assertThat(backend.requests.get(1).image()).contains(first);
    assertThat(backend.requests.get(2).image()).contains(first);
    assertThat(ImageFiles.read(saved)).isEqualTo(ImageFiles.read(file("t-3.png")));
    assertThat(PictureText.read(saved).image()).isEqualTo("t-1.png");
    assertThat(PictureText.read(saved).turn()).isEqualTo(new UsedTurn(3, "in.png"));
    assertThat(result.out().lines())
        .containsExactly(
            file("t-1.png").toString(),
            file("t-2.png").toString(),
            file("t-3.png").toString(),
            saved.toString());
    assertThat(result.err()).contains("took back: a star");
  }

  @Test
  void the_end_of_the_input_ends_the_conversation() {
    assertThat(converse("save the cat").code()).isZero();
    assertThat(prompts()).containsExactly("save the cat");
    assertThat(backend.closed).isEqualTo(1);
  }

  @Test
  void a_turn_that_fails_is_told_and_the_conversation_goes_on() {
    backend.beforePicture =
        number -> {
          if (number == 1) {
            throw new IllegalArgumentException("the prompt holds control tokens");
          }
        };
    Program.Result result = converse("undo\nbad\ngood\n");
    assertThat(result.code()).isZero();
    assertThat(result.err()).contains("nothing to take back", "lumina: the prompt holds control");
    assertThat(result.out()).isEqualTo(file("t-1.png") + "\n");
    assertThat(seeds()).containsExactly(7L, 7L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "help",
        "?",
        "/help",
        "HELP",
        "exit",
        "bye",
        "/bye",
        "quit",
        "clear",
        "redo",
        ":q",
        "/foo",
        "hlep",
        "eixt",
        "unod",
        "sav",
        "show",
        "set",
        "settings"
      })
  void a_word_that_is_or_looks_like_a_command_is_never_drawn(String word) {
    Program.Result result = converse(word + "\n");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(backend.requests).isEmpty();
    assertThat(files()).containsExactly("in.png");
  }

  @Test
  void what_looks_like_a_command_is_told_and_can_be_drawn_all_the_same() {
    Program.Result result = converse("clear\nunod\n!clear\nmake it clear\n");
    assertThat(result.err())
        .contains("no command 'clear' (see help); !clear draws it as an instruction")
        .contains("no command 'unod' (did you mean undo?)");
    assertThat(prompts()).containsExactly("clear", "make it clear");
  }

  @Test
  void instructions_of_one_word_are_instructions() {
    for (String word : List.of("snow", "slow", "wave", "sea", "green", "brighter!", "a", "night")) {
      assertThat(EditWords.of(word).kind()).as(word).isEqualTo(EditWords.Kind.EDIT);
    }
  }

  @Test
  void help_lists_the_commands_and_exit_ends() {
    Program.Result result = converse("help\nexit\ngreen\n");
    assertThat(result.err()).contains("undo", "save [FILE]", "set OPTION VALUE", "Ctrl-D");
    assertThat(prompts()).isEmpty();
  }

  @Test
  void options_can_be_set_shown_and_reset_between_turns() {
    Program.Result result =
        converse(
            "set cfg 5\nset --temperature=0.5\nset top_k 7\ngreen\nset cfg default\nshow\n"
                + "set seed 100\nblue\nred\n");
    assertThat(result.code()).as(result.err()).isZero();
    List<SamplingOptions> sampling =
        backend.requests.stream().map(GenerationRequest::sampling).toList();
    assertThat(sampling.get(0).guidanceScale()).isEqualTo(5);
    assertThat(sampling.get(0).temperature()).isEqualTo(0.5);
    assertThat(sampling.get(0).imageTopK()).isEqualTo(7);
    assertThat(sampling.get(1).guidanceScale()).isEqualTo(4);
    assertThat(sampling.get(1).temperature()).isEqualTo(0.5);
    assertThat(seeds()).containsExactly(7L, 100L, 101L);
    assertThat(result.err())
        .contains("picture " + file("t-1.png") + ": green\n")
        .contains("\ncfg default\n")
        .contains("\ntemperature 0.5\n")
        .contains("\nseed 8\n");
  }

  @Test
  void what_cannot_be_set_is_told_and_changes_nothing() {
    Program.Result result =
        converse("set size 64x64\nset cfg much\nset cfg -1\nset sun low\ngreen\n");
    assertThat(result.code()).isZero();
    assertThat(result.err())
        .contains("no option 'size' to set; there are cfg, cfg-schedule, ")
        .contains("'much'")
        .contains("guidance scale must be")
        .contains("no option 'sun' to set");
    assertThat(backend.requests.get(0).sampling().guidanceScale()).isEqualTo(4);
  }

  @Test
  void a_picture_is_saved_under_a_name_of_its_own() {
    Path saved = file("cat");
    Program.Result result = converse("green\nsave " + saved + "\n");
    assertThat(ImageFiles.read(file("cat.png"))).isEqualTo(ImageFiles.read(file("t-1.png")));
    assertThat(result.out()).endsWith(saved + ".png\n");
    assertThat(EditWords.of("save").kind()).isEqualTo(EditWords.Kind.SAVE);
    assertThat(EditWords.of("save").argument()).isNull();
    assertThat(EditWords.freeName(Path.of("some/in.jpg"))).isEqualTo(Path.of("in-edited.png"));
  }

  @Test
  void ctrl_c_cancels_the_turn_and_twice_ends() {
    backend.beforePicture =
        number -> {
          if (number == 1) {
            program.interrupts.action.run();
          }
        };
    Program.Result result = converse("a\nb\n");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err()).contains("cancelled; the picture is as before");
    assertThat(result.out()).isEqualTo(file("t-1.png") + "\n");
    assertThat(program.interrupts.ended).isFalse();
    assertThat(program.interrupts.action).as("given back").isNull();

    backend.beforePicture =
        number -> {
          program.interrupts.action.run();
          program.interrupts.action.run();
        };
    converse("a\n");
    assertThat(program.interrupts.ended).isTrue();
  }

  @Test
  void the_end_of_the_process_cancels_the_turn_and_the_conversation() {
    backend.beforePicture = number -> program.cancellation.cancel();
    Program.Result result = converse("a\nb\n");
    assertThat(result.code()).isEqualTo(130);
    assertThat(result.err()).endsWith("lumina: cancelled\n").doesNotContain("as before");
    assertThat(backend.requests).hasSize(1);
  }

  @Test
  void ctrl_c_between_turns_says_how_to_end() {
    program.input =
        new InputStream() {
          private final InputStream lines =
              new ByteArrayInputStream("a\n".getBytes(StandardCharsets.UTF_8));

          @Override
          public int read() {
            throw new UnsupportedOperationException();
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws java.io.IOException {
            program.interrupts.action.run();
            return lines.read(bytes, offset, length);
          }
        };
    Program.Result result = converse("");
    assertThat(result.err()).contains("Ctrl-C again, Ctrl-D or quit ends");
    assertThat(program.interrupts.ended).as("a line came in between").isFalse();
    assertThat(prompts()).containsExactly("a");
  }
}
