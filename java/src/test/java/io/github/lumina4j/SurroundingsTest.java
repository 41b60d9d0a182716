package io.github.lumina4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lumina4j.testing.CallersProgram;
import io.github.lumina4j.testing.ChildJvm;
import io.github.lumina4j.testing.EndingProgram;
import io.github.lumina4j.testing.Recipes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a JVM around the library may be like: how it ends, how many threads call, small memory. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SurroundingsTest {
  @TempDir Path folder;

  // ci/ends.sh does this a few hundred times.
  @ParameterizedTest
  @CsvSource({
    "draw, exit, 40, 7",
    "decode, exit, 150, 7",
    "prompt, return, 60, 0",
    "encode, return, 90, 0",
    "open, exit, 30, 7",
    "decode, TERM, 100, 143",
    "draw, INT, 80, 130"
  })
  void a_jvm_that_ends_in_the_middle_of_a_call_ends_well(
      String work, String how, int milliseconds, int status) throws Exception {
    assumeTrue(
        !how.equals("INT") || !ChildJvm.interruptsAreIgnored(),
        "this process was started with SIGINT ignored");
    boolean signal = status > 128;
    Process process =
        ChildJvm.same()
            .start(
                folder,
                EndingProgram.class,
                Recipes.tiny(),
                work,
                signal ? "signal" : how,
                milliseconds);
    if (signal) {
      BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream()));
      String line = output.readLine();
      while (line != null && !line.equals("working")) { // warnings of other libraries
        line = output.readLine();
      }
      assertThat(line).isEqualTo("working");
      Thread.sleep(milliseconds);
      new ProcessBuilder("kill", "-" + how, String.valueOf(process.pid())).start().waitFor();
    }
    ChildJvm.Ended ended = ChildJvm.end(folder, process);
    assertThat(ended.status()).as(ended.output()).isEqualTo(status);
    assertThat(ended.hsErr()).isFalse();
  }

  @Test
  void the_number_of_threads_does_not_follow_that_of_callers() throws Exception {
    ChildJvm.Ended ended =
        ChildJvm.same()
            .option("-Xss256k")
            .run(folder, CallersProgram.class, Recipes.tiny(), 200, 4);
    assertThat(ended.status()).as(ended.output()).isZero();
    assertThat(number(ended, "pictures")).isEqualTo(200);
    // Compilers and collectors of the JVM come and go; teams of all callers would be 600.
    assertThat(number(ended, "after") - number(ended, "before")).isLessThan(20);
  }

  @Test
  void virtual_threads_leave_their_carrier_while_they_wait() throws Exception {
    Optional<ChildJvm> jvm = ChildJvm.withVirtualThreads();
    assumeTrue(jvm.isPresent(), "no JDK of version 21 or newer is installed");
    ChildJvm.Ended ended =
        jvm.get()
            .option("-Djdk.virtualThreadScheduler.parallelism=1")
            .option("-Djdk.virtualThreadScheduler.maxPoolSize=1")
            .run(folder, CallersProgram.class, Recipes.tiny(), 20, 2, "virtual");
    assertThat(ended.status()).as(ended.output()).isZero();
    assertThat(number(ended, "pictures")).as(ended.output()).isEqualTo(20);
  }

  @Test
  void threads_that_the_system_does_not_allow_are_an_exception() throws Exception {
    try (PidsLimit limit = PidsLimit.of(44)) {
      assumeTrue(limit != null, "no control group for pids can be made here");
      Process process = ChildJvm.same().start(folder, CallersProgram.class, Recipes.tiny(), 4, 32);
      limit.add(process.pid());
      ChildJvm.Ended ended = ChildJvm.end(folder, process);
      assertThat(ended.status()).as(ended.output()).isZero();
      assertThat(ended.output()).contains("DEVICE: 32 threads cannot be started");
    }
  }

  @Test
  void a_small_heap_sets_no_limit_to_native_memory() throws Exception {
    ChildJvm.Ended ended =
        ChildJvm.same().option("-Xmx32m").run(folder, CallersProgram.class, Recipes.tiny(), 1, 2);
    assertThat(number(ended, "pictures")).as(ended.output()).isEqualTo(1);
  }

  @Test
  void a_limit_that_the_application_set_stays_and_is_named() throws Exception {
    ChildJvm.Ended ended =
        ChildJvm.same()
            .option("-Dorg.bytedeco.javacpp.maxPhysicalBytes=1m")
            .option("-Dorg.bytedeco.javacpp.maxRetries=0")
            .run(folder, CallersProgram.class, Recipes.tiny(), 1, 2);
    assertThat(ended.output())
        .contains("OUT_OF_MEMORY: JavaCPP refuses native memory", "maxPhysicalBytes=0 lifts it");
  }

  private static int number(ChildJvm.Ended ended, String name) {
    Matcher matcher = Pattern.compile(name + " (\\d+)").matcher(ended.output());
    assertThat(matcher.find()).as(ended.output()).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  /** A control group of version 1 or 2 that limits threads. */
  private record PidsLimit(Path group) implements AutoCloseable {
    static PidsLimit of(int most) throws IOException {
      for (String parent : new String[] {"/sys/fs/cgroup/pids", "/sys/fs/cgroup"}) {
        Path group = Path.of(parent, "lumina-test-" + ProcessHandle.current().pid());
        try {
          Files.createDirectory(group);
        } catch (IOException e) {
          continue;
        }
        PidsLimit limit = new PidsLimit(group);
        try {
          Files.writeString(group.resolve("pids.max"), String.valueOf(most));
          return limit;
        } catch (IOException e) {
          limit.close();
        }
      }
      return null;
    }

    void add(long pid) throws IOException {
      Files.writeString(group.resolve("cgroup.procs"), String.valueOf(pid));
    }

    @Override
    public void close() throws IOException {
      Files.delete(group);
    }
  }
}
