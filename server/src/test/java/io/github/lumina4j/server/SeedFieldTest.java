package io.github.lumina4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Seeds as other programs write them. */
class SeedFieldTest extends ServerTest {
  private static String body(String seed) {
    return "{\"prompt\":\"x\",\"size\":\"32x32\",\"seed\":" + seed + "}";
  }

  private static String told(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return json(response).at("/data/0/seed").asText();
  }

  private long drawn() {
    return generator.requests.get(generator.requests.size() - 1).sampling().seed();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "9223372036854775808, -9223372036854775808, 9223372036854775808",
    "18446744073709551615, -1, 18446744073709551615",
    "-3, -3, 18446744073709551613"
  })
  void a_seed_has_64_bits_and_is_told_as_it_can_be_given_again(
      String seed, long bits, String told) {
    start(options());
    assertThat(told(generate(body(seed)))).isEqualTo(told);
    assertThat(drawn()).isEqualTo(bits);
    assertThat(told(generate(body(told)))).isEqualTo(told);
    assertThat(drawn()).isEqualTo(bits);
    byte[] given = png(picture(32, 32));
    assertThat(told(edit(form(given, "prompt", "x", "seed", seed)))).isEqualTo(told);
    assertThat(drawn()).isEqualTo(bits);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "\"random\"", "null"})
  void a_random_seed_is_chosen_and_told(String seed) {
    start(options());
    String first = told(generate(body(seed)));
    assertThat(Long.parseLong(first)).isEqualTo(drawn()).isBetween(0L, (1L << 32) - 1);
    assertThat(told(generate(body(seed)))).isNotEqualTo(first);
  }

  @Test
  void a_seed_is_random_in_a_form_too() {
    start(options());
    byte[] given = png(picture(32, 32));
    assertThat(told(edit(form(given, "prompt", "x", "seed", "-1")))).isEqualTo("" + drawn());
    assertThat(told(edit(form(given, "prompt", "x", "seed", "random")))).isEqualTo("" + drawn());
    assertThat(drawn()).isBetween(0L, (1L << 32) - 1);
  }
}
