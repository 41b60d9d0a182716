package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lumina4j.DecodingOptions;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.GenerationCancelledException;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.image.Panels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Pictures that are looked at, or stopped, while they are drawn. */
class PreviewCommandsTest extends CommandTest {
  /** What the preview's file held after each row; rows without a file are left out. */
  private Map<Integer, RgbImage> watch(Path preview) {
    Map<Integer, RgbImage> seen = new TreeMap<>();
    backend.afterRow =
        row -> {
          if (Files.exists(preview)) {
            seen.put(row, ImageFiles.read(preview));
          }
        };
    return seen;
  }

  private void cancelAfter(int row) {
    backend.afterRow =
        done -> {
          if (done == row) {
            program.cancellation.cancel();
          }
        };
  }

  @Test
  void a_preview_is_replaced_every_few_rows() {
    Map<Integer, RgbImage> seen = watch(file("now.png"));
    succeed(
        "generate",
        "fox",
        "--size",
        "64x96",
        "--preview",
        file("now.png"),
        "--preview-rows",
        5,
        "-o",
        file("fox.png"));
    assertThat(seen.keySet()).first().isEqualTo(5);
    for (int row = 6; row <= 12; row++) {
      boolean fresh = row == 10 || row == 12; // the last row is always shown
      assertThat(seen.get(row).equals(seen.get(row - 1))).as("row %s", row).isEqualTo(!fresh);
    }
    RgbImage half = seen.get(5);
    assertThat(half).isEqualTo(Panels.unfinished(half.crop(0, 0, 64, 40), 96));
    assertThat(half.rgb(0, 0) >> 16).as("the projection").isEqualTo(99);
    RgbImage picture = ImageFiles.read(file("fox.png"));
    for (int at = 0; at < 64; at += 8) {
      assertThat(half.rgb(at, 32) & 0xffff).isEqualTo(picture.rgb(at, 32) & 0xffff);
    }
    assertThat(files()).containsExactly("fox.png", "now.png");
  }

  @Test
  void four_rows_are_usual() {
    Map<Integer, RgbImage> seen = watch(file("now.png"));
    succeed("generate", "x", "--size", "32x64", "--preview", file("now.png"), "-o", file("a.png"));
    assertThat(seen.keySet()).containsExactly(4, 5, 6, 7, 8);
    assertThat(seen.get(7)).isEqualTo(seen.get(4)).isNotEqualTo(seen.get(8));
  }

  @Test
  void the_decoder_may_be_asked_instead() {
    succeed(
        "generate",
        "fox",
        "--size",
        "32x32",
        "--preview",
        file("now.png"),
        "--preview-decoder",
        "-o",
        file("fox.png"));
    assertThat(ImageFiles.read(file("now.png"))).isEqualTo(ImageFiles.read(file("fox.png")));
  }

  @Test
  void a_preview_of_an_edit_shows_the_panel_that_is_drawn() {
    Map<Integer, RgbImage> seen = watch(file("now.png"));
    Path input = picture("in.png", 64, 64);
    succeed(
        "edit",
        input,
        "night",
        "--size",
        "64x128",
        "--preview",
        file("now.png"),
        "--preview-rows",
        1,
        "-o",
        file("out.png"));
    assertThat(seen.keySet()).containsExactly(9, 10, 11, 12, 13, 14, 15, 16);
    RgbImage first = seen.get(9);
    assertThat(first.height()).isEqualTo(64);
    assertThat(first.rgb(0, 7) >> 16).isEqualTo(99);
    assertThat(first.rgb(0, 8) >> 16).as("the empty part").isNotEqualTo(99);
  }

  @Test
  void progress_of_an_edit_counts_the_rows_that_are_drawn() {
    Path input = picture("in.png", 64, 64);
    Program.Result result =
        succeed("edit", input, "night", "--size", "64x128", "-o", file("out.png"));
    assertThat(result.err()).contains("row 8 of 8").doesNotContain(" of 16");
    Program.Result several =
        succeed("edit", input, "night", "--size", "64x128", "-n", 2, "-o", file("out-{n}.png"));
    assertThat(several.err()).contains("row 8 of 8").doesNotContain(" of 16");
  }

  @Test
  void a_conversation_can_be_watched() {
    program.input("night\nquit\n");
    succeed(
        "edit",
        picture("in.png", 64, 64),
        "--interactive",
        "--size",
        "64x128",
        "--preview",
        file("now.png"),
        "-o",
        file("t-{n}.png"));
    assertThat(ImageFiles.read(file("now.png")).height()).isEqualTo(64);
  }

  @Test
  void a_preview_that_cannot_be_written_ends_the_previews_only() throws IOException {
    Path folder = Files.createDirectory(file("gone"));
    backend.beforePicture = number -> folder.toFile().delete();
    Program.Result result =
        succeed(
            "generate",
            "fox",
            "--size",
            "32x64",
            "--preview",
            folder.resolve("now.png"),
            "-o",
            file("fox.png"));
    assertThat(result.err().lines().filter(line -> line.startsWith("no more previews: ")))
        .hasSize(1);
    assertThat(ImageFiles.read(file("fox.png")).height()).isEqualTo(64);
  }

  @Test
  void what_is_drawn_can_be_kept() {
    cancelAfter(3);
    Program.Result result =
        run(
            "generate",
            "fox",
            "--size",
            "64x96",
            "--seed",
            7,
            "--keep-partial",
            "-o",
            file("fox.png"),
            "--save-tokens",
            file("fox.json"));
    assertThat(result.code()).isEqualTo(130);
    assertThat(result.err()).contains("3 of 12 rows kept").endsWith("lumina: cancelled\n");
    assertThat(result.out()).isEqualTo(file("fox.png") + "\n");

    RgbImage kept = ImageFiles.read(file("fox.png"));
    TokenFile tokens = TokenFile.read(file("fox.json"));
    assertThat(tokens.rows()).isEqualTo(3);
    assertThat(tokens.complete()).isFalse();
    assertThat(kept)
        .as("decoded, with an empty rest")
        .isEqualTo(Panels.unfinished(FakeBackend.paint(tokens.imageCodes()), 96));
    assertThat(PictureText.read(file("fox.png")).partial()).isEqualTo(new UsedRows(3, 12));
    assertThat(succeed("inspect", file("fox.png")).out())
        .containsPattern("partial +3 of 12 rows")
        .containsPattern("seed +7");
    backend.afterRow = row -> {};
    Program later = new Program(backend);
    later.variables.putAll(program.variables);
    String whole = file("whole.png").toString();
    later.run("generate", "fox", "--size", "64x96", "--seed", "7", "-o", whole);
    assertThat(ImageFiles.read(file("whole.png")).crop(0, 0, 64, 24))
        .isEqualTo(kept.crop(0, 0, 64, 24));
    assertThat(PictureText.read(file("whole.png")).partial()).isNull();
  }

  @Test
  void without_the_option_nothing_is_kept() {
    cancelAfter(3);
    assertThat(run("generate", "x", "--size", "32x64", "-o", file("a.png")).code()).isEqualTo(130);
    assertThat(files()).isEmpty();
    assertThat(program.interrupts.action).isNull();
  }

  @Test
  void a_picture_without_a_row_is_not_kept() {
    backend.beforePicture = number -> program.cancellation.cancel();
    Program.Result result =
        run("generate", "x", "--size", "32x64", "--keep-partial", "-o", file("a.png"));
    assertThat(result.code()).isEqualTo(130);
    assertThat(result.err()).contains("nothing to keep");
    assertThat(files()).isEmpty();
  }

  @Test
  void a_picture_cancelled_at_its_end_is_whole() {
    cancelAfter(8);
    backend.afterPicture =
        number -> {
          throw new GenerationCancelledException("in the decoder");
        };
    Program.Result result =
        run("generate", "x", "--size", "32x64", "--keep-partial", "--json", "-o", file("a.png"));
    assertThat(result.code()).isEqualTo(130);
    assertThat(json(result.out()).at("/pictures/0/complete").asBoolean()).isTrue();
    assertThat(PictureText.read(file("a.png")).partial()).isNull();
  }

  @Test
  void ctrl_c_stops_the_picture_first_and_the_program_next() {
    List<Boolean> ended = new ArrayList<>();
    backend.afterRow =
        row -> {
          if (row == 2) {
            program.interrupts.action.run();
            ended.add(program.interrupts.ended);
          }
        };
    backend.decoder =
        codes -> {
          program.interrupts.action.run(); // again, while what exists is decoded
          ended.add(program.interrupts.ended);
          return FakeBackend.paint(codes);
        };
    Program.Result result =
        run("generate", "x", "-n", 3, "--size", "32x64", "--keep-partial", "-o", file("a.png"));
    assertThat(result.code()).isEqualTo(130);
    assertThat(ended).containsExactly(false, true);
    assertThat(files()).containsExactly("a-1.png");
    assertThat(backend.requests).hasSize(1);
    assertThat(program.interrupts.action).as("given back").isNull();
  }

  @Test
  void a_cancelled_turn_is_kept_as_the_panel_it_is_and_reported() {
    Path input = picture("in.png", 64, 64);
    backend.afterRow =
        row -> {
          if (backend.requests.size() == 2 && row == 10) {
            program.cancellation.cancel();
          }
        };
    Program.Result result =
        run(
            "edit",
            input,
            "green",
            "a star",
            "--size",
            "64x128",
            "--keep-partial",
            "--json",
            "-o",
            file("t-{n}.png"));
    assertThat(result.code()).isEqualTo(130);
    JsonNode report = json(result.out());
    assertThat(report.at("/files")).hasSize(2);
    assertThat(report.at("/error/code").asText()).isEqualTo("cancelled");
    assertThat(report.at("/pictures/1/complete").asBoolean()).isFalse();
    assertThat(report.at("/pictures/1/rows").asInt()).isEqualTo(10);
    assertThat(report.at("/pictures/1/stats").isMissingNode()).isTrue();
    RgbImage kept = ImageFiles.read(file("t-2.png"));
    assertThat(kept.height()).isEqualTo(64);
    assertThat(kept.rgb(0, 15) >> 16).as("drawn").isZero();
    assertThat(kept).isEqualTo(Panels.lowerHalf(Panels.unfinished(upper(kept), 128)));
    RequestRecord record = PictureText.read(file("t-2.png"));
    assertThat(record.partial()).isEqualTo(new UsedRows(10, 16));
    assertThat(record.turn()).isEqualTo(new UsedTurn(2, "in.png"));
    assertThat(record.image()).isEqualTo("t-1.png");
  }

  /** Something above the two rows of {@code lower} that were drawn. */
  private static RgbImage upper(RgbImage lower) {
    return Panels.stack(lower, lower.crop(0, 0, 64, 16));
  }

  @Test
  void a_window_left_to_the_device_stays_open_in_a_partial_record() {
    cancelAfter(3);
    run("generate", "x", "--speculate", "--size", "32x64", "--keep-partial", "-o", file("a.png"));
    UsedDecoding used = PictureText.read(file("a.png")).speculate();
    assertThat(used.mode()).isEqualTo(DecodingOptions.SPECULATIVE.mode().id());
    assertThat(used.window()).isNull();
  }

  @Test
  void a_failure_of_another_kind_keeps_nothing() {
    backend.afterRow =
        row -> {
          throw new LuminaException(ErrorCode.NUMERICAL, "not a number");
        };
    assertThat(
            run("generate", "x", "--size", "32x64", "--keep-partial", "-o", file("a.png")).code())
        .isEqualTo(1);
    assertThat(files()).isEmpty();
  }

  @Test
  void options_that_do_not_go_together_are_refused() {
    refuse(2, "--preview-rows needs --preview", "generate", "x", "--preview-rows", 3);
    refuse(2, "--preview-decoder needs --preview", "generate", "x", "--preview-decoder");
    Path preview = file("now.png");
    refuse(2, "1 or more, not 0", "generate", "x", "--preview", preview, "--preview-rows", 0);
    refuse(2, "a .png file is needed", "generate", "x", "--preview", file("now.jpg"));
    refuse(2, "written twice", "generate", "x", "--preview", preview, "-o", preview);
    refuse(1, "does not exist", "generate", "x", "--preview", file("no/now.png"));
    refuse(
        2,
        "cannot be combined with --best-of",
        "generate",
        "x",
        "--keep-partial",
        "--best-of",
        2,
        "--verifier",
        "true");
    Path input = picture("in.png", 64, 64);
    refuse(
        2,
        "cannot be combined with --interactive",
        "edit",
        input,
        "--interactive",
        "--keep-partial");
  }
}
