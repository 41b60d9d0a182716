package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A conversation at a keyboard: a pseudo terminal that {@code script} makes. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class TypedLinesTest extends CommandTest {
  private static final String UP = "\033OA"; // as a terminal sends it to programs that edit lines
  private static final String HOME = "\001";
  private static final String CTRL_C = "\003";
  private static final String CTRL_D = "\004";

  private Process process;
  private InputStream screen;
  private OutputStream keyboard;
  private final StringBuilder seen = new StringBuilder();

  @BeforeEach
  void start() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "no script here");
    picture("in.png", 64, 64);
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder =
        new ProcessBuilder(
            "script",
            "-qec",
            "exec "
                + java
                + " -cp \"$TEST_CLASS_PATH\" "
                + TypedProgram.class.getName()
                + " model edit in.png --interactive --size 64x128 -o t.png",
            "/dev/null");
    builder.environment().put("TEST_CLASS_PATH", ProcessTest.classPath());
    builder.environment().put("TERM", "xterm-256color");
    process = builder.directory(folder.toFile()).redirectErrorStream(true).start();
    screen = process.getInputStream();
    keyboard = process.getOutputStream();
    Thread watcher = new Thread(this::watch);
    watcher.setDaemon(true);
    watcher.start();
  }

  @AfterEach
  void stop() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  /** Reads the screen until the terminal ends, so that nothing ever waits for a reader. */
  private void watch() {
    try {
      byte[] bytes = new byte[4096];
      for (int count = screen.read(bytes); count > 0; count = screen.read(bytes)) {
        synchronized (seen) {
          seen.append(new String(bytes, 0, count, StandardCharsets.UTF_8));
          seen.notifyAll();
        }
      }
    } catch (IOException e) {
      // The end of the terminal.
    }
  }

  /** Waits until {@code text} is on the screen, behind what was waited for before. */
  private void see(String text) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(100);
    synchronized (seen) {
      int at = seen.indexOf(text);
      for (; at < 0; at = seen.indexOf(text)) {
        assertThat(System.nanoTime()).as("'%s' in: %s", text, seen).isLessThan(end);
        seen.wait(1000);
      }
      seen.delete(0, at + text.length());
    }
  }

  private void type(String keys) throws IOException {
    keyboard.write(keys.getBytes(StandardCharsets.UTF_8));
    keyboard.flush();
  }

  private void ends(int code) throws Exception {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s", seen).isTrue();
    assertThat(process.exitValue()).isEqualTo(code);
  }

  @Test
  void lines_are_edited_completed_repeated_and_asked_about() throws Exception {
    see("edit> ");
    type("green\r");
    see("t-1.png");
    see("edit> ");
    type(UP + HOME + "light \r");
    see("t-2.png");
    see("edit> ");
    type("he\t\r");
    see("any other line");
    see("edit> ");
    type("set top-\t\025"); // Ctrl-U takes the line away
    see("top-k");
    type("clear\r");
    see("draw it? [y/N]");
    type("n\r");
    see("edit> ");
    type("redo\r");
    see("draw it? [y/N]");
    type("y\r");
    see("t-3.png");
    see("edit> ");
    type("wow!! don't\r");
    see("t-4.png");
    see("edit> ");
    type(CTRL_D);
    ends(0);
    assertThat(PictureText.read(file("t-2.png")).prompt()).isEqualTo("light green");
    assertThat(PictureText.read(file("t-3.png")).prompt()).isEqualTo("redo");
    assertThat(PictureText.read(file("t-4.png")).prompt()).isEqualTo("wow!! don't");
    assertThat(file("t-5.png")).doesNotExist();
  }

  @Test
  void ctrl_c_stops_the_picture_that_is_drawn_and_nothing_else() throws Exception {
    assumeTrue(!ProcessTest.interruptsAreIgnored(), "this process was started with SIGINT ignored");
    see("edit> ");
    type("slow\r");
    see("tokens/s");
    type(CTRL_C);
    see("cancelled; the picture is as before");
    see("edit> ");
    type("green\r");
    see("t-1.png");
    see("edit> ");
    type(CTRL_D);
    ends(0);
    assertThat(PictureText.read(file("t-1.png")).prompt()).isEqualTo("green");
  }

  @Test
  void ctrl_c_gives_a_line_up_and_twice_ends() throws Exception {
    assumeTrue(!ProcessTest.interruptsAreIgnored(), "this process was started with SIGINT ignored");
    see("edit> ");
    type("half a li" + CTRL_C);
    see("Ctrl-C again, Ctrl-D or quit ends");
    see("edit> ");
    type("green\r");
    see("t-1.png");
    see("edit> ");
    type(CTRL_C);
    see("Ctrl-C again");
    see("edit> ");
    type(CTRL_C);
    ends(130);
    assertThat(PictureText.read(file("t-1.png")).prompt()).isEqualTo("green");
  }
}
