package io.github.lumina4j.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NativeRequirementsTest {
  private static final String LINUX = "linux-x86_64";

  private static String map(String path) {
    return "7f0000000000-7f0000001000 r-xp 00000000 08:01 123                        " + path;
  }

  @Test
  void other_platforms_are_named() {
    for (String platform : List.of("linux-arm64", "windows-x86_64", "macosx-arm64")) {
      assertThat(NativeRequirements.missing(platform, false, List.of()).orElseThrow())
          .contains("needs Linux on x86-64 with glibc 2.35", "this is " + platform)
          .doesNotContain("classifier");
    }
    // Somebody may have built natives for it.
    assertThat(NativeRequirements.missing("linux-arm64", true, List.of())).isEmpty();
  }

  @Test
  void a_missing_jar_is_named_where_there_is_one() {
    assertThat(NativeRequirements.missing(LINUX, false, List.of()).orElseThrow())
        .contains("classifier linux-x86_64 is missing on the class path");
    assertThat(NativeRequirements.missing(LINUX, true, List.of(map("/lib/libc.so.6")))).isEmpty();
  }

  @Test
  void musl_is_named() {
    assertThat(
            NativeRequirements.missing(LINUX, true, List.of(map("/lib/ld-musl-x86_64.so.1")))
                .orElseThrow())
        .contains("musl (Alpine)", "Debian 12");
  }

  @Test
  void an_old_system_is_named() {
    Throwable old =
        new RuntimeException(
            new UnsatisfiedLinkError(
                "/c/libtorch_cpu.so: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.35' not"
                    + " found (required by /c/libtorch_cpu.so)"));
    assertThat(NativeRequirements.explain(LINUX, false, old))
        .contains("the glibc of this system is older: it lacks GLIBC_2.35");
    assertThat(
            NativeRequirements.explain(
                LINUX, false, new UnsatisfiedLinkError("version `GLIBCXX_3.4.30' not found")))
        .contains("the libstdc++ of this system is older");
  }

  @Test
  void a_second_class_loader_is_told_what_to_do() {
    assertThat(
            NativeRequirements.explain(
                LINUX,
                false,
                new UnsatisfiedLinkError(
                    "Native Library /x/libjni.so already loaded in another classloader")))
        .startsWith("Native Library /x/libjni.so already loaded in another classloader: ")
        .contains("Tomcat: lib");
  }

  @Test
  void anything_else_has_its_reason_on_one_line() {
    assertThat(NativeRequirements.explain(LINUX, false, new UnsatisfiedLinkError("no\nway")))
        .isEqualTo("the native library cannot be loaded on linux-x86_64: no");
    assertThat(NativeRequirements.explain(LINUX, true, new UnsatisfiedLinkError("no")))
        .contains("CUDA 13");
  }

  @Test
  void libraries_of_libtorch_are_found_among_all() {
    assertThat(
            NativeRequirements.libtorch(
                List.of(
                    map("/djl/2.7/libtorch_cpu.so"),
                    map("/djl/2.7/libtorch_cpu.so"),
                    map("/djl/my folder/libc10.so"),
                    map("/usr/lib/libtorch.so.2.7"),
                    map("/x/libtorch_helper.so"),
                    map("/x/libc.so.6"),
                    "7ffc0000-7ffd0000 rw-p 00000000 00:00 0                      [stack]")))
        .containsExactly(
            "/djl/2.7/libtorch_cpu.so", "/djl/my folder/libc10.so", "/usr/lib/libtorch.so.2.7");
  }
}
