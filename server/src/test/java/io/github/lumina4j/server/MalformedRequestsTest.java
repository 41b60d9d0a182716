package io.github.lumina4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is sent, the answer is a clear one, and the server goes on. */
class MalformedRequestsTest extends ServerTest {
  // Some of them make the server wait for more. What comes later is not looked at.
  private static final int FUZZ_SILENCE_MILLIS = 50;

  private void start() {
    start(options().maxPixels(256 * 256).maxBodyBytes(1 << 18).maxInputPixels(1 << 16));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | null | must be a JSON object",
        "'{' | null | not JSON",
        "'[]' | null | must be a JSON object",
        "'{\"prompt\":\"x\"} x' | null | not JSON",
        "'{\"prompt\":\"x\",\"prompt\":\"y\"}' | null | not JSON",
        "'{}' | null | needs a prompt",
        "'{\"prompt\":7}' | prompt | must be a string",
        "'{\"prompt\":\"a\\u0000b\"}' | prompt | no text",
        "'{\"prompt\":\"a\\ud800b\"}' | prompt | no text",
        "'{\"prompt\":\"x\",\"n\":0}' | n | must be 1 to 10, not 0",
        "'{\"prompt\":\"x\",\"n\":11}' | n | must be 1 to 10, not 11",
        "'{\"prompt\":\"x\",\"n\":1.5}' | n | whole number",
        "'{\"prompt\":\"x\",\"size\":\"big\"}' | size | WIDTHxHEIGHT",
        "'{\"prompt\":\"x\",\"size\":\"512x512\"}' | size | exceeds the limit of 65536 pixels",
        "'{\"prompt\":\"x\",\"seed\":18446744073709551616}' | seed | whole number from 0 to 1844674407",
        "'{\"prompt\":\"x\",\"seed\":1.0}' | seed | whole number",
        "'{\"prompt\":\"x\",\"seed\":\"7\"}' | seed | whole number",
        "'{\"prompt\":\"x\",\"guidance_scale\":-1}' | guidance_scale | between 0 and 1000",
        "'{\"prompt\":\"x\",\"guidance_scale\":1e999}' | guidance_scale | between 0 and 1000",
        "'{\"prompt\":\"x\",\"temperature\":0}' | temperature | between 0.001 and 1000",
        "'{\"prompt\":\"x\",\"top_k\":0}' | top_k | must be 1 to",
        "'{\"prompt\":\"x\",\"speculate\":\"fast\"}' | speculate | must be one of gum, mc, mc-lambda",
        "'{\"prompt\":\"x\",\"window\":8}' | window | window needs speculate",
        "'{\"prompt\":\"x\",\"speculate\":true,\"window\":65}' | window | must be 4 to 64",
        "'{\"prompt\":\"x\",\"task\":\"t3i\"}' | task | unknown task",
        "'{\"prompt\":\"x\",\"task\":\"edit\"}' | task | use /v1/images/edits",
        "'{\"prompt\":\"x\",\"description\":\"y\"}' | null | takes no description",
        "'{\"prompt\":\"x\",\"partial_images\":1}' | partial_images | partial_images needs stream",
        "'{\"prompt\":\"x\",\"stream\":true,\"partial_images\":4}' | partial_images | 0 to 3",
        "'{\"prompt\":\"x\",\"preview_rows\":4}' | preview_rows | preview_rows needs stream",
        "'{\"prompt\":\"x\",\"stream\":true,\"preview_rows\":0}' | preview_rows | must be 1",
        "'{\"prompt\":\"x\",\"stream\":true,\"preview_rows\":4,\"partial_images\":1}'"
            + " | preview_rows | cannot be combined with partial_images",
        "'{\"prompt\":\"x\",\"background\":\"transparent\"}' | background | must be one of",
        "'{\"prompt\":\"x\",\"output_format\":\"webp\"}' | output_format | must be one of jpeg, png",
        "'{\"prompt\":\"x\",\"response_format\":\"url\",\"stream\":true}' | response_format | stream",
        "'{\"prompt\":\"x\",\"progress\":true}' | progress | progress needs stream",
        "'{\"prompt\":\"x\",\"image\":\"y\"}' | image | unknown parameter",
      })
  void a_field_that_cannot_be_is_told(String body, String param, String words) {
    start();
    HttpResponse<String> response = generate(body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(json(response).at("/error/message").textValue()).contains(words);
    assertThat(json(response).at("/error/param").asText()).isEqualTo(param);
    assertThat(generator.requests).isEmpty();
  }

  @Test
  void a_prompt_has_an_end() {
    start();
    String body = "{\"prompt\":\"" + "x".repeat(32_001) + "\"}";
    assertError(generate(body), 400, "invalid_value", "longer than 32000");
    assertError(
        generate("{\"prompt\":\"" + "x".repeat(1 << 18) + "\"}"),
        413,
        "request_too_large",
        "262144 bytes");
  }

  @Test
  void a_form_that_cannot_be_is_told() {
    start();
    byte[] given = png(picture(64, 64));
    assertError(edit(new byte[0]), 400, "invalid_value", "no parts");
    assertError(
        edit(Arrays.copyOf(form(given), form(given).length - 10)), 400, "invalid_value", "cut off");
    assertError(edit(form("no".getBytes(StandardCharsets.UTF_8))), 400, "invalid_value", "picture");
    byte[] heic = HexFormat.of().parseHex("0000001866747970686569630000000068656963");
    assertError(
        edit(form(heic)),
        400,
        "invalid_value",
        "this is a HEIC picture (as iPhones take them); convert it to JPEG or PNG first");
    assertError(edit(form(given, "prompt", "x", "prompt", "y")), 400, "invalid_value", "once");
    assertError(edit(form(given, "mask", "x")), 400, "invalid_value", "masks");
    assertError(edit(form(given, "colour", "x")), 400, "unknown_parameter", "'colour'");
    assertError(edit(form(given)), 400, "invalid_value", "needs a prompt");
    assertError(edit(form(given, "prompt", "x", "n", "two")), 400, "invalid_value", "whole");
    assertError(
        edit(form(png(picture(512, 256)), "prompt", "x")),
        400,
        "invalid_value",
        "exceed the limit");
    assertError(
        send(
            builder(EDITS, "Content-Type", "multipart/form-data")
                .POST(HttpRequest.BodyPublishers.ofByteArray(form(given)))),
        400,
        "invalid_value",
        "boundary");
    assertThat(generator.requests).isEmpty();
    assertThat(edit(form(given, "prompt", "x", "stream", "false")).statusCode()).isEqualTo(200);
  }

  @Test
  void addresses_and_methods_are_few() {
    start();
    assertError(get("nothing"), 404, "not_found", "nothing");
    assertError(get(GENERATIONS), 405, "method_not_allowed", "POST");
    assertError(get("pictures/..%2f..%2fetc%2fpasswd"), 404, "not_found", "no such picture");
    HttpRequest.Builder delete = builder("health").DELETE();
    assertError(send(delete), 405, "method_not_allowed", "GET");
  }

  @Test
  void pages_of_other_sites_are_not_answered() throws IOException {
    start();
    HttpRequest.Builder foreign =
        generation("{\"prompt\":\"x\"}").header("Origin", "http://example.com");
    assertError(send(foreign), 403, "forbidden", "other sites");
    String own = "http://127.0.0.1:" + server.port();
    assertThat(send(generation("{\"prompt\":\"x\"}").header("Origin", own)).statusCode())
        .isEqualTo(200);
    assertThat(
            raw("GET /health HTTP/1.1\r\nHost: rebound.example.com\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 403");
    assertThat(raw("GET /health HTTP/1.1\r\nHost: LOCALHOST:1\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
  }

  @Test
  void what_is_not_http_is_refused() throws IOException {
    start();
    assertThat(raw("GET /" + "x".repeat(5000) + " HTTP/1.1\r\n\r\n")).contains(" 414 ");
    assertThat(raw("GET / HTTP/1.1\r\nA: " + "x".repeat(20_000) + "\r\n\r\n")).contains(" 431 ");
    assertThat(get("health").statusCode()).isEqualTo(200);
  }

  @Test
  void thousands_of_fuzzed_requests_leave_the_server_well() throws IOException {
    start();
    Random random = new Random(20261122);
    byte[] form = form(png(picture(32, 32)), "prompt", "make it night", "seed", "7");
    for (int i = 0; i < 1500; i++) {
      assertAnswer(generate(Fuzz.json(random)));
    }
    for (int i = 0; i < 500; i++) {
      assertAnswer(edit(Fuzz.damaged(form, random)));
    }
    byte[] whole =
        ("POST /v1/images/generations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json"
                + "\r\nConnection: close\r\nContent-Length: 14\r\n\r\n{\"prompt\":\"x\"}")
            .getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 1000; i++) {
      byte[] request = Fuzz.damaged(whole, random);
      String answer = raw(request, FUZZ_SILENCE_MILLIS);
      String sent = new String(request, StandardCharsets.ISO_8859_1);
      // The library answers other protocols, such as HTTQ/1.1, with 501.
      if (sent.lines().findFirst().orElse("").endsWith("HTTP/1.1")) {
        assertThat(answer).as(sent).doesNotContainPattern("\\A\\S+ 5");
      }
    }
    until(() -> waiting() == 0);
    int before = generator.requests.size();
    assertThat(generate("{\"prompt\":\"a fox\"}").statusCode()).isEqualTo(200);
    assertThat(generator.requests).hasSize(before + 1);
    assertThat(before).as("some were as good as any").isPositive();
  }

  /** Success or a refusal, the latter in the form of the API. */
  private static void assertAnswer(HttpResponse<String> response) {
    int status = response.statusCode();
    assertThat(status).as(response.body()).matches(s -> s == 200 || s >= 400 && s < 500);
    if (status != 200) {
      assertThat(json(response).at("/error/message").isTextual()).isTrue();
    }
  }

  private String raw(String request) throws IOException {
    return raw(request.getBytes(StandardCharsets.ISO_8859_1), 60_000);
  }

  /** Sends bytes and reads what comes back until the server hangs up or falls silent. */
  private String raw(byte[] request, int silenceMillis) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      socket.setSoTimeout(silenceMillis);
      socket.getOutputStream().write(request);
      StringBuilder answer = new StringBuilder();
      byte[] part = new byte[8192];
      try {
        for (int n = socket.getInputStream().read(part);
            n >= 0;
            n = socket.getInputStream().read(part)) {
          answer.append(new String(part, 0, n, StandardCharsets.ISO_8859_1));
        }
      } catch (IOException e) {
        // Silence, or a connection that was cut: what came before counts.
      }
      return answer.toString();
    }
  }
}
