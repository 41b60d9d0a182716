package io.github.lumina4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeedsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "7, 7, 7",
    "4294967296, 4294967296, 4294967296",
    "9223372036854775807, 9223372036854775807, 9223372036854775807",
    "9223372036854775808, -9223372036854775808, 9223372036854775808",
    "18446744073709551615, -1, 18446744073709551615",
    "-2, -2, 18446744073709551614",
    "-9223372036854775808, -9223372036854775808, 9223372036854775808",
    "+5, 5, 5",
    "007, 7, 7"
  })
  void a_seed_is_64_bits_however_it_is_written_and_reads_back(
      String given, long bits, String text) {
    assertThat(Seeds.parse(given)).hasValue(bits);
    assertThat(Seeds.of(new BigInteger(given))).hasValue(bits);
    assertThat(Seeds.text(bits)).isEqualTo(text);
    assertThat(Seeds.number(bits)).isEqualTo(new BigInteger(text));
    assertThat(Seeds.parse(Seeds.text(bits))).hasValue(bits);
  }

  @Test
  void minus_one_and_random_ask_for_a_random_one() {
    assertThat(Seeds.parse("-1")).isEmpty();
    assertThat(Seeds.parse("random")).isEmpty();
    assertThat(Seeds.of(BigInteger.ONE.negate())).isEmpty();
    assertThat(Seeds.random()).isBetween(0L, (1L << 32) - 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x", "1.5", "1e3", "0x7", "18446744073709551616", "-9223372036854775809", "٧"})
  void anything_else_is_refused_with_what_is_allowed(String text) {
    assertThatThrownBy(() -> Seeds.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("must be a whole number from 0 to 18446744073709551615, or -1 or")
        .hasMessageEndingWith("(got '" + text + "')");
  }
}
