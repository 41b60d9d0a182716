package io.github.lumina4j.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.ErrorCode;
import org.junit.jupiter.api.Test;

/** Loading works, before anything else is asked of the library. */
class NativesTest {
  @Test
  void reports_its_version() {
    assertThat(Natives.version()).matches("\\d+\\.\\d+\\.\\d+");
  }

  @Test
  void error_codes_are_the_same_on_both_sides() {
    Natives.load();
    for (ErrorCode code : ErrorCode.values()) {
      assertThat(Natives.text(NativeLumina.error_code_name(code.ordinal()))).isEqualTo(code.id());
    }
    assertThat(Natives.text(NativeLumina.error_code_name(ErrorCode.values().length))).isNull();
  }

  @Test
  void the_cpu_is_always_a_device() {
    assertThat(Natives.devices()).contains("\"name\":\"cpu\"", "\"usable\":true");
  }
}
