package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Names, figures and tables. */
class TextTest {
  @Test
  void patterns_make_file_names() {
    assertThat(file("fox.png", 1, 1)).isEqualTo("fox.png");
    assertThat(file("fox.png", 2, 3)).isEqualTo("fox-2.png");
    assertThat(file("a.b/fox", 2, 3)).isEqualTo("a.b/fox-2");
    assertThat(file("a/.png", 2, 3)).isEqualTo("a/.png-2");
    assertThat(file("{n}.png", 2, 3)).isEqualTo("2.png");
    assertThat(file("{seed}.png", 2, 3)).isEqualTo("18446744073709551607.png");
    assertThat(file("{n}{n}-{seed}.png", 1, 1)).isEqualTo("11-18446744073709551607.png");
    assertThat(file("{x}.png", 1, 1)).isEqualTo("{x}.png");
  }

  private static String file(String pattern, int number, int count) {
    return new OutputPattern(pattern).file(number, count, -9).toString();
  }

  @Test
  void stems_lose_folder_and_extension() {
    assertThat(OutputNames.stem(Path.of("a/b.c.png"))).isEqualTo("b.c");
    assertThat(OutputNames.stem(Path.of("b"))).isEqualTo("b");
    assertThat(OutputNames.stem(Path.of(".hidden"))).isEqualTo(".hidden");
  }

  @Test
  void figures_are_readable() {
    assertThat(Units.bytes(0)).isEqualTo("0 B");
    assertThat(Units.bytes(1023)).isEqualTo("1023 B");
    assertThat(Units.bytes(1 << 20)).isEqualTo("1.0 MiB");
    assertThat(Units.bytes(3.25 * (1L << 30))).isEqualTo("3.3 GiB");
    assertThat(Units.count(999)).isEqualTo("999");
    assertThat(Units.count(270_430_000)).isEqualTo("270.4 million");
    assertThat(Units.duration(4.26)).isEqualTo("4.3 s");
    assertThat(Units.duration(59.96)).isEqualTo("1 min 0 s");
    assertThat(Units.duration(7500)).isEqualTo("2 h 5 min");
  }

  @Test
  void tables_align_their_columns() {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    Table table = new Table("lr").row("a", "1").row("bcd", "23");
    table.print(out, "  ");
    out.flush();
    assertThat(text.toString()).isEqualTo("  a     1\n  bcd  23\n");
    assertThatThrownBy(() -> table.row("x")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void messages_are_one_line() {
    assertThat(Failures.oneLine(" a\r\n\tb\u2028c ")).isEqualTo("a b c");
  }
}
