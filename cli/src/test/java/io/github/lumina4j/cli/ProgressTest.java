package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lumina4j.Progress;
import io.github.lumina4j.Progress.Phase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final StringWriter text = new StringWriter();
  private final PrintWriter err = new PrintWriter(text);

  private static Progress step(int row, int rows, double seconds) {
    return new Progress(Phase.DECODE, row, rows, row * 10L, rows * 10L, seconds);
  }

  @Test
  void pace_counts_from_the_first_step_so_that_the_prompt_does_not_matter() {
    Pace pace = new Pace();
    assertThat(pace.perSecond()).isZero();
    assertThat(pace.secondsLeft()).isNegative();
    pace.step(step(0, 10, 100));
    assertThat(pace.perSecond()).isZero();
    pace.step(step(4, 10, 102));
    assertThat(pace.perSecond()).isCloseTo(20, within(1e-9));
    assertThat(pace.secondsLeft()).isCloseTo(3, within(1e-9));
  }

  @Test
  void lines_come_once_per_phase_and_tenth() {
    try (ProgressDisplay lines = new ProgressLines(err, "picture")) {
      lines.onProgress(new Progress(Phase.ENCODE, 0, 96, 0, 0, 0));
      lines.onProgress(new Progress(Phase.PREFILL, 48, 96, 0, 480, 0.1));
      lines.onProgress(new Progress(Phase.PREFILL, 48, 96, 0, 480, 0.2));
      for (int row = 48; row <= 96; row++) {
        lines.onProgress(step(row, 96, 0.3 + (row - 48) * 0.1));
      }
      lines.onProgress(new Progress(Phase.IMAGE_DECODE, 96, 96, 480, 480, 6));
    }
    List<String> shown = text.toString().lines().toList();
    assertThat(shown)
        .startsWith(
            "picture: encoding the given picture",
            "picture: reading the prompt",
            "picture: drawing",
            "picture: row 58 of 96, 100.0 tokens/s, 3.8 s left")
        .endsWith(
            "picture: row 96 of 96, 100.0 tokens/s, 0.0 s left", "picture: decoding the picture")
        .hasSize(3 + 5 + 1);
  }

  @Test
  void pictures_that_are_drawn_together_count_together() {
    Pace pace = new Pace();
    for (int second = 0; second <= 2; second++) {
      pace.step(new Progress(Progress.Phase.DECODE, 0, 8, 10L * second, 50, second, 3));
    }
    assertThat(pace.perSecond()).isEqualTo(30);
    assertThat(pace.secondsLeft()).isEqualTo(3);
  }

  @Test
  void slow_pictures_show_a_line_every_ten_seconds() {
    try (ProgressDisplay lines = new ProgressLines(err, "picture")) {
      for (int token = 0; token <= 25; token++) {
        lines.onProgress(new Progress(Phase.DECODE, 0, 96, token, 9312, token));
      }
    }
    assertThat(text.toString().lines())
        .containsExactly(
            "picture: drawing",
            "picture: row 0 of 96, 1.0 tokens/s, 2 h 35 min left",
            "picture: row 0 of 96, 1.0 tokens/s, 2 h 34 min left");
  }

  @Test
  void a_total_that_is_not_known_yet_is_left_out() {
    try (ProgressDisplay lines = new ProgressLines(err, "picture")) {
      lines.onProgress(new Progress(Phase.DECODE, 0, 0, 0, 0, 0));
      lines.onProgress(new Progress(Phase.DECODE, 1, 0, 20, 0, 10));
    }
    assertThat(text.toString()).endsWith("picture: row 1, 2.0 tokens/s\n");
  }

  @Test
  void the_bar_shows_rows_tokens_per_second_and_time_left() {
    try (ProgressDisplay bar = new ProgressBars(err, new Terminal(true, 100), "picture")) {
      bar.onProgress(new Progress(Phase.PREFILL, 0, 96, 0, 960, 0.1));
      bar.onProgress(step(0, 96, 1));
      bar.onProgress(step(24, 96, 13));
    }
    String last = text.toString().substring(text.toString().lastIndexOf(Bar.CLEAR) + 4);
    assertThat(last)
        .startsWith("picture")
        .contains("25%", "24/96 rows", "20.0 tokens/s", "0:00:36");
    assertThat(last).endsWith("\n");
    assertThat(last.strip().length()).isLessThan(100);
  }

  @Test
  void every_line_of_the_bar_fits_any_width_and_says_the_most_that_it_can() {
    BarText text = new BarText("picture 2 of 8", "rows");
    for (int width = 1; width <= 120; width++) {
      for (long total : new long[] {0, 96}) {
        String line = text.fit(24, total, 3725, 36, "20.0 tokens/s", width);
        assertThat(line.length()).as(line).isLessThanOrEqualTo(width);
      }
    }
    assertThat(text.fit(24, 96, 12, 36, "20.0 tokens/s", 39))
        .isEqualTo("25% 24/96 rows, 0:00:36 left");
    assertThat(new BarText("picture", "rows").fit(24, 96, 12, 36, "20.0 tokens/s", 39))
        .isEqualTo("picture 25% 24/96 rows, 0:00:36 left");
    assertThat(new BarText("picture", "rows").fit(24, 96, 12, 36, "20.0 tokens/s", 99))
        .contains("[=====", "24/96 rows, 0:00:12 / 0:00:36 left, 20.0 tokens/s");
    assertThat(new BarText("loading", "").fit(0, 0, 3, -1, "14.2 GiB", 79))
        .isEqualTo("loading | 0:00:03, 14.2 GiB");
  }

  /** What is to be seen after a window has become narrower, as terminals wrap what is there. */
  private static List<String> screen(String output, int width, String resize, int narrower) {
    List<StringBuilder> rows = new ArrayList<>(List.of(new StringBuilder()));
    int row = 0;
    int column = 0;
    int columns = width;
    for (int i = 0; i < output.length(); i++) {
      if (output.startsWith(resize, i)) {
        // The line on which the cursor is at its beginning is wrapped; the cursor stays there.
        columns = narrower;
        String line = rows.get(row).toString();
        rows.set(row, new StringBuilder(line.substring(0, Math.min(line.length(), columns))));
        if (line.length() > columns) {
          rows.add(row + 1, new StringBuilder(line.substring(columns)));
        }
        i += resize.length() - 1;
      } else if (output.startsWith("\033[J", i)) {
        rows.get(row).setLength(column);
        while (rows.size() > row + 1) {
          rows.remove(row + 1);
        }
        i += 2;
      } else if (output.charAt(i) == '\r') {
        column = 0;
      } else if (output.charAt(i) == '\n') {
        row++;
        column = 0;
        if (row == rows.size()) {
          rows.add(new StringBuilder());
        }
      } else {
        if (column == columns) {
          row++;
          column = 0;
          rows.add(row, new StringBuilder());
        }
        StringBuilder line = rows.get(row);
        if (column < line.length()) {
          line.setCharAt(column, output.charAt(i));
        } else {
          line.append(output.charAt(i));
        }
        column++;
      }
    }
    return rows.stream().map(StringBuilder::toString).toList();
  }

  @Test
  void a_window_that_is_made_narrower_keeps_one_line() throws InterruptedException {
    AtomicInteger columns = new AtomicInteger(100);
    Terminal terminal = new Terminal(true, false, columns::get);
    String resize = "<resize>";
    try (ProgressDisplay bar = new ProgressBars(err, terminal, "picture")) {
      bar.onProgress(step(0, 96, 1));
      bar.onProgress(step(24, 96, 13));
      Thread.sleep(600); // until the bar is drawn, twice as long as it takes
      columns.set(40);
      err.print(resize);
      bar.onProgress(step(48, 96, 25));
      Thread.sleep(600);
    }
    List<String> screen = screen(text.toString(), 100, resize, 40);
    assertThat(screen).hasSize(2);
    assertThat(screen.get(0)).contains("48/96 rows");
    assertThat(screen.get(1)).isEmpty();
  }

  @Test
  void a_bar_that_never_began_prints_nothing() {
    new ProgressBars(err, new Terminal(true, 80), "picture").close();
    assertThat(text.toString()).isEmpty();
  }

  @Test
  void the_display_fits_the_terminal() {
    assertThat(ProgressDisplay.of(new Terminal(true, 80), false, err, "p"))
        .isInstanceOf(ProgressBars.class);
    assertThat(ProgressDisplay.of(Terminal.NONE, false, err, "p"))
        .isInstanceOf(ProgressLines.class);
    assertThat(ProgressDisplay.of(new Terminal(true, 80), true, err, "p"))
        .isInstanceOf(ProgressDisplay.Silent.class);
  }
}
