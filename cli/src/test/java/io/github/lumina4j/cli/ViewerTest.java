package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code --open}, by the bytes that go to the terminal and the program that is started. */
class ViewerTest extends CommandTest {
  private static final Pattern KITTY = Pattern.compile("\033_G([^;]*);([^\033]*)\033\\\\");
  private static final Pattern ITERM =
      Pattern.compile("\033\\]1337;File=inline=1;size=([0-9]+):([A-Za-z0-9+/=]+)\007");

  private static RgbImage decoded(String base64) {
    byte[] bytes = Base64.getDecoder().decode(base64);
    return ImageFiles.read(new ByteArrayInputStream(bytes), "what was sent");
  }

  private String open(String output) {
    program.terminal = new Terminal(true, 80);
    Program.Result result =
        succeed("generate", "a", "--size", "512x512", "--open", "-o", file(output), "-q");
    assertThat(result.out()).isEqualTo(file(output) + "\n");
    return result.err();
  }

  @Test
  void kitty_gets_the_picture_in_parts() {
    program.variables.put("KITTY_WINDOW_ID", "1");
    List<MatchResult> parts = KITTY.matcher(open("a.png")).results().toList();
    assertThat(parts).hasSizeGreaterThan(1);
    assertThat(parts.get(0).group(1)).isEqualTo("f=100,a=T,q=2,m=1");
    assertThat(parts.get(parts.size() - 1).group(1)).isEqualTo("m=0");
    for (MatchResult part : parts) {
      assertThat(part.group(2).length()).isLessThanOrEqualTo(4096);
    }
    String data = parts.stream().map(part -> part.group(2)).collect(Collectors.joining());
    assertThat(decoded(data)).isEqualTo(ImageFiles.read(file("a.png")));
  }

  @Test
  void iterm_gets_it_whole_and_what_is_no_png_as_png() {
    program.variables.put("TERM_PROGRAM", "iTerm.app");
    Matcher sent = ITERM.matcher(open("a.jpg"));
    assertThat(sent.find()).isTrue();
    assertThat(Base64.getDecoder().decode(sent.group(2))).hasSize(Integer.parseInt(sent.group(1)));
    assertThat(decoded(sent.group(2))).isEqualTo(ImageFiles.read(file("a.jpg")));
  }

  @Test
  void the_terminal_is_known_by_its_variables() {
    program.variables.put("TERM", "xterm-kitty");
    assertThat(open("a.png")).contains("\033_Gf=100");
    program.variables.put("TMUX", "/tmp/tmux,1,0");
    assertThat(open("a.png")).doesNotContain("\033");
    program.variables.clear();
    modelInTheVariable();
    program.variables.put("TERM", "xterm-256color");
    program.variables.put("TERM_PROGRAM", "WezTerm");
    assertThat(open("a.png")).contains("\033]1337;File=inline=1");
    program.variables.put("TERM_PROGRAM", "Apple_Terminal");
    assertThat(open("a.png")).doesNotContain("\033");
  }

  @Test
  void where_nothing_can_show_it_one_line_says_so() {
    program.variables.put("KITTY_WINDOW_ID", "1"); // but standard error is no terminal
    Program.Result result =
        succeed("generate", "a", "--size", "32x32", "--open", "-o", file("a.png"));
    assertThat(result.err())
        .doesNotContain("\033")
        .contains("cannot show " + file("a.png") + ": ")
        .contains("there is no display");
    program.variables.put("DISPLAY", ":0");
    program.variables.put("PATH", folder.toString());
    assertThat(succeed("decode", tokens(), "--open", "-o", file("b.png")).err())
        .contains("xdg-open is not installed");
    assertThat(succeed("decode", tokens(), "-o", file("b.png")).err()).doesNotContain("show");
  }

  private Path tokens() {
    succeed(
        "generate", "a", "--size", "32x32", "-o", file("c.png"), "--save-tokens", file("c.json"));
    return file("c.json");
  }

  @Test
  void a_desktop_opens_it_with_its_own_program() throws Exception {
    Path program = file("xdg-open");
    Files.writeString(program, "#!/bin/sh\necho \"$@\" > '" + file("opened") + "'\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    this.program.variables.put("WAYLAND_DISPLAY", "wayland-0");
    this.program.variables.put("PATH", folder.toString());
    succeed("generate", "a", "--size", "32x32", "--open", "-o", file("a.png"));
    assertThat(content(file("opened"))).isEqualTo(file("a.png") + "\n");
  }

  /** Of a file that another process writes. */
  private static String content(Path file) throws IOException, InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while ((!Files.exists(file) || Files.size(file) == 0) && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    return Files.readString(file);
  }
}
