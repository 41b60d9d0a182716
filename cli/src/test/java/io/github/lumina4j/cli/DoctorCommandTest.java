package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.DeviceException;
import org.junit.jupiter.api.Test;

class DoctorCommandTest extends CommandTest {
  @Test
  void it_tells_what_is_there_and_what_is_slow() {
    String text = succeed("doctor").out();
    assertThat(text)
        .contains(Version.NUMBER)
        .contains("1.2.3, /libs/liblumina.so")
        .contains(Version.PYTORCH + ", /libs/libtorch_cpu.so")
        .contains(
            "A processor, 4 threads (of 8; a quota), avx2, fma, 8.0 GiB memory, 4.0 GiB available")
        .contains("not usable: no driver")
        .contains(file("cache") + ", ")
        .contains(file("model").toString())
        .contains("no AVX-512");
    assertThat(backend.opened).isEmpty();
  }

  @Test
  void the_same_as_json() {
    program.variables.put("GOMP_SPINCOUNT", "10000");
    JsonNode report = json(succeed("doctor", "--json").out());
    assertThat(report.path("native_library").path("file").asText()).isEqualTo("/libs/liblumina.so");
    assertThat(report.path("devices").path(0).path("cores").asInt()).isEqualTo(4);
    assertThat(report.path("cache").path("free_bytes").asLong()).isPositive();
    assertThat(report.path("cache").path("writable").asBoolean()).isTrue();
    assertThat(report.path("model").path("folder").asText()).isEqualTo(file("model").toString());
    assertThat(report.path("slow").toString()).contains("AVX-512").doesNotContain("GOMP");
    assertThat(report.has("error")).isFalse();
  }

  @Test
  void without_natives_it_tells_the_rest_and_fails() {
    backend.failure = new DeviceException("the native library cannot be loaded");
    Program.Result result = run("doctor", "--json");
    assertThat(result.code()).isEqualTo(4);
    assertThat(json(result.out()).path("error").path("message").asText())
        .contains("cannot be loaded");
    assertThat(json(result.out()).path("java").path("version").asText()).isNotEmpty();
    assertThat(result.err()).isEqualTo("lumina: the native library cannot be loaded\n");
    assertThat(run("doctor").out()).contains("cannot be used: the native library");
  }

  @Test
  void a_model_that_is_not_there_is_told() {
    program.variables.put("LUMINA_MODEL", file("nothing").toString());
    assertThat(succeed("doctor").out()).contains("not usable: " + file("nothing"));
    program.variables.remove("LUMINA_MODEL");
    assertThat(succeed("doctor").out()).contains("demo, " + file("cache"));
    program.variables.put("LUMINA_MODEL", "recipe:huge");
    assertThat(succeed("doctor").out()).contains("not usable: unknown recipe");
  }

  @Test
  void a_missing_demo_model_is_no_failure() {
    program.variables.remove("LUMINA_MODEL");
    backend.demoFailure = new CheckpointException("no demo model on the class path");
    assertThat(succeed("doctor").out()).contains("not usable: no demo model on the class path");
  }
}
