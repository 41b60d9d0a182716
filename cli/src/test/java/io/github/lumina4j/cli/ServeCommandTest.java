package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.image.ImageFiles;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ServeCommandTest extends CommandTest {
  private final HttpClient http = HttpClient.newHttpClient();
  private final StringWriter err = new StringWriter();
  private CompletableFuture<Integer> exit;

  @AfterEach
  void end() {
    program.cancellation.cancel();
    if (exit != null) {
      exit.join();
    }
  }

  /** Starts the command and waits for the line that it writes when it listens. */
  private String serve(String... options) throws InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String[] args =
        Stream.concat(
                Stream.of("serve", "--port", "0", "--model", model().toString()),
                Stream.of(options))
            .toArray(String[]::new);
    exit =
        CompletableFuture.supplyAsync(
            () ->
                LuminaCommand.run(
                    program.environment(),
                    StandardStream.of(out),
                    new PrintWriter(err, true),
                    args));
    while (!out.toString(StandardCharsets.UTF_8).endsWith("\n")) {
      assertThat(exit.isDone()).as("%s", err).isFalse();
      Thread.sleep(5);
    }
    return out.toString(StandardCharsets.UTF_8).strip();
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static HttpRequest.Builder generation(String url, String json) {
    return HttpRequest.newBuilder(URI.create(url + "v1/images/generations"))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(json));
  }

  @Test
  void it_serves_until_it_is_asked_to_end() throws Exception {
    String url = serve("--grace", "7");
    HttpResponse<String> response =
        send(generation(url, "{\"prompt\":\"a fox\",\"size\":\"64x64\",\"seed\":9}"));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    GenerationRequest request = backend.requests.get(0);
    assertThat(request.prompt()).isEqualTo("a fox");
    assertThat(request.sampling().seed()).isEqualTo(9);
    JsonNode data = json(response.body()).get("data").get(0);
    Path file =
        Files.write(file("fox.png"), Base64.getDecoder().decode(data.get("b64_json").textValue()));
    assertThat(ImageFiles.readText(file))
        .containsEntry("prompt", "a fox")
        .containsEntry("seed", "9")
        .containsEntry("model", "model")
        .containsKey(PictureText.KEY);
    assertThat(program.patience).containsExactly(Duration.ofSeconds(22));
    assertThat(backend.closed).isZero();
    program.cancellation.cancel();
    assertThat(exit.join()).isZero();
    assertThat(backend.closed).isEqualTo(1);
    assertThat(err.toString()).contains("serving model at " + url, "stopping");
  }

  @Test
  void the_report_for_programs_names_url_and_model() throws Exception {
    JsonNode report = json(serve("--json", "--name", "fox-7b"));
    assertThat(report.get("model").textValue()).isEqualTo("fox-7b");
    String url = report.get("url").textValue();
    assertThat(send(HttpRequest.newBuilder(URI.create(url + "v1/models"))).body())
        .contains("\"id\":\"fox-7b\"");
  }

  @Test
  void a_key_from_the_variable_or_a_file_is_asked_for() throws Exception {
    program.variables.put("LUMINA_API_KEY", "from the variable");
    Path key = Files.writeString(file("key"), "secret\n");
    String url = serve("--api-key-file", key.toString());
    assertThat(send(generation(url, "{}")).statusCode()).isEqualTo(401);
    assertThat(send(generation(url, "{}").header("Authorization", "Bearer secret")).statusCode())
        .isEqualTo(400);
    program.cancellation.cancel();
    exit.join();
  }

  @Test
  void who_can_be_reached_without_a_key_is_warned() throws Exception {
    serve("--host", "0.0.0.0");
    assertThat(err.toString()).contains("asks for no key: see --api-key-file");
  }

  @Test
  void a_port_that_is_taken_is_told() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      Program.Result result = run("serve", "--host", "0.0.0.0", "--port", taken.getLocalPort());
      assertThat(result.code()).isEqualTo(1);
      assertThat(result.err())
          .startsWith("lumina: cannot listen on 0.0.0.0:" + taken.getLocalPort())
          .contains("--port chooses another port")
          .hasLineCount(1);
      assertThat(backend.opened).isEmpty(); // told before a model is loaded
    }
  }

  @Test
  void how_long_a_job_lingers_is_an_option() throws Exception {
    String stream = "{\"prompt\":\"a fox\",\"size\":\"64x64\",\"stream\":true}";
    String url = serve("--linger", "60");
    assertThat(send(generation(url, stream)).headers().firstValue("X-Job-Id")).isPresent();
    program.cancellation.cancel();
    exit.join();
  }

  @Test
  void options_out_of_range_are_refused_before_anything_is_loaded() throws Exception {
    refuse(2, "port must be 0 to 65535, not 70000", "serve", "--port", 70000);
    refuse(2, "queue capacity must be 1 or more, not 0", "serve", "--queue", 0);
    refuse(2, "time limit must be above 0", "serve", "--time-limit", 0);
    refuse(2, "time to linger must be 0 or more", "serve", "--linger", -1);
    refuse(2, "body bytes must be below 1 GiB", "serve", "--max-body", 99999);
    refuse(2, "--grace must be 0 or more, not -1", "serve", "--grace", -1);
    refuse(1, "there is no such file", "serve", "--api-key-file", file("none"));
    Path empty = Files.writeString(file("empty"), "\n");
    refuse(2, "the API key is empty", "serve", "--api-key-file", empty);
  }
}
