package io.github.lumina4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Jobs that outlive their connection, through real connections that are lost. */
class LingerTest extends ServerTest {
  private static final String STREAM =
      "{\"prompt\":\"%s\",\"stream\":true,\"progress\":true,\"preview_rows\":2,\"n\":%d,\"seed\":5}";

  /** Sends a request, reads the head of its stream, and gives the job's id. */
  private String begin(Socket socket) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    assertThat(lines.readLine()).isEqualTo("HTTP/1.1 200 OK");
    String id = null;
    for (String line = lines.readLine(); !line.isEmpty(); line = lines.readLine()) {
      if (line.toLowerCase(Locale.ROOT).startsWith("x-job-id: ")) {
        id = line.substring("x-job-id: ".length());
      }
    }
    return id;
  }

  /** A request whose connection is lost while its first picture is held. */
  private String lose(String prompt, int count) throws Exception {
    generator.held = true;
    generator.heldRow = 4; // of 8, with a look at every second
    String id;
    try (Socket socket = open(STREAM.formatted(prompt, count))) {
      await(generator.begun);
      id = begin(socket);
    }
    assertThat(id).matches("[A-Za-z0-9_-]{24}");
    return id;
  }

  private static String path(String id) {
    return "v1/images/jobs/" + id;
  }

  private JsonNode job(String id) {
    HttpResponse<String> response = get(path(id));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return json(response);
  }

  private JsonNode finished(String id) {
    until(() -> job(id).get("status").textValue().equals("finished"));
    return job(id);
  }

  private HttpResponse<String> stream(String id) {
    return get(path(id), "Accept", "text/event-stream");
  }

  @Test
  void drawing_goes_on_and_the_result_is_picked_up() throws Exception {
    start(options());
    String id = lose("a fox", 2);
    until(() -> job(id).has("preview"));
    JsonNode drawing = job(id);
    assertThat(drawing.get("id").textValue()).isEqualTo(id);
    assertThat(drawing.get("object").textValue()).isEqualTo("image.job");
    assertThat(drawing.get("status").textValue()).isEqualTo("drawing");
    assertThat(drawing.get("n").intValue()).isEqualTo(2);
    assertThat(drawing.get("progress").get("rows_total").intValue()).isEqualTo(8);
    assertThat(drawing.has("result")).isFalse();
    generator.held = false;
    JsonNode data = finished(id).get("result").get("data");
    assertThat(data).hasSize(2);
    for (int i = 0; i < 2; i++) {
      byte[] file = Base64.getDecoder().decode(data.get(i).get("b64_json").textValue());
      assertThat(picture(file)).isEqualTo(FakeGenerator.paint(generator.requests.get(i)));
      assertThat(data.get(i).get("seed").intValue()).isEqualTo(5 + i);
    }
    assertThat(generator.prompts()).containsExactly("a fox", "a fox"); // and not drawn again
    assertThat(stream(id).body().lines().filter("event: image_generation.completed"::equals))
        .hasSize(2);
  }

  @Test
  void the_stream_is_resumed_from_the_first_picture() throws Exception {
    start(options());
    String id = lose("a fox", 1);
    CompletableFuture<HttpResponse<String>> later =
        CompletableFuture.supplyAsync(() -> stream(id)); // it stays open until the picture is made
    until(() -> job(id).get("status").textValue().equals("drawing"));
    generator.held = false;
    HttpResponse<String> resumed = later.join();
    assertThat(resumed.headers().firstValue("X-Job-Id")).contains(id);
    List<String> events =
        resumed.body().lines().filter(line -> line.startsWith("event: ")).distinct().toList();
    assertThat(events).startsWith("event: lumina.job");
    assertThat(events).endsWith("event: image_generation.completed");
  }

  @Test
  void a_job_that_waits_keeps_its_place() throws Exception {
    start(options());
    lose("first", 1);
    String id;
    try (Socket socket = open(STREAM.formatted("second", 1))) {
      id = begin(socket);
    }
    assertThat(job(id).get("status").textValue()).isEqualTo("queued");
    assertThat(job(id).get("position").intValue()).isEqualTo(1);
    generator.held = false;
    finished(id);
    assertThat(generator.prompts()).containsExactly("first", "second");
  }

  @Test
  void nobody_who_comes_back_in_time_means_the_end() throws Exception {
    start(options().linger(Duration.ofMillis(50)));
    String id = lose("a fox", 1);
    await(generator.cancelled);
    assertError(get(path(id)), 404, "not_found", "no such job");
  }

  @Test
  void a_result_is_kept_as_long_as_a_job_lingers() throws Exception {
    start(options().linger(Duration.ofMillis(50)));
    HttpResponse<String> stream = generate(STREAM.formatted("a fox", 1));
    String id = stream.headers().firstValue("X-Job-Id").orElseThrow();
    until(() -> get("health").statusCode() == 200 && gone(id));
    assertError(stream(id), 404, "not_found", "no longer");
  }

  private boolean gone(String id) {
    try {
      Thread.sleep(80); // a look starts the time anew
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return get(path(id)).statusCode() == 404;
  }

  @Test
  void results_are_kept_in_limited_space() {
    start(options().keepPictures(Duration.ofHours(1), 1));
    String first =
        generate(STREAM.formatted("a", 1)).headers().firstValue("X-Job-Id").orElseThrow();
    assertThat(job(first).get("status").textValue()).isEqualTo("finished");
    String second =
        generate(STREAM.formatted("b", 1)).headers().firstValue("X-Job-Id").orElseThrow();
    assertThat(get(path(first)).statusCode()).isEqualTo(404);
    assertThat(job(second).get("status").textValue()).isEqualTo("finished");
  }

  @Test
  void a_job_is_cancelled_by_its_address() throws Exception {
    start(options());
    generator.held = true;
    CompletableFuture<HttpResponse<String>> stream = generateLater(STREAM.formatted("a fox", 1));
    await(generator.begun);
    HttpResponse<InputStream> waits =
        http.send(generation(STREAM.formatted("waits", 1)).build(), BodyHandlers.ofInputStream());
    String id = waits.headers().firstValue("X-Job-Id").orElseThrow();
    HttpResponse<String> deleted = send(builder(path(id)).DELETE());
    assertThat(deleted.statusCode()).isEqualTo(200);
    assertThat(json(deleted).get("deleted").booleanValue()).isTrue();
    assertThat(new String(waits.body().readAllBytes(), StandardCharsets.UTF_8))
        .contains("event: error", "\"code\":\"cancelled\"");
    assertThat(send(builder(path(id)).DELETE()).statusCode()).isEqualTo(404);
    generator.held = false;
    assertThat(stream.join().body()).contains("event: image_generation.completed");
    assertThat(generator.prompts()).containsExactly("a fox");
    String drawn = lose("another", 1);
    send(builder(path(drawn)).DELETE());
    await(generator.cancelled);
  }

  @Test
  void without_lingering_there_is_no_address() {
    start(options().linger(Duration.ZERO));
    HttpResponse<String> stream = generate(STREAM.formatted("a fox", 1));
    assertThat(stream.headers().firstValue("X-Job-Id")).isEmpty();
    assertThat(stream.body()).doesNotContain("lumina.job");
  }

  @Test
  void the_key_is_asked_for_and_only_get_and_delete_are_known() throws Exception {
    start(options().apiKey("secret"));
    String id =
        send(generation(STREAM.formatted("a fox", 1)).header("Authorization", "Bearer secret"))
            .headers()
            .firstValue("X-Job-Id")
            .orElseThrow();
    assertThat(get(path(id)).statusCode()).isEqualTo(401);
    assertThat(send(builder(path(id)).DELETE()).statusCode()).isEqualTo(401);
    assertThat(get(path(id), "Authorization", "Bearer secret").statusCode()).isEqualTo(200);
    HttpResponse<String> post =
        send(
            builder(path(id), "Authorization", "Bearer secret")
                .POST(HttpRequest.BodyPublishers.noBody()));
    assertError(post, 405, "method_not_allowed", "GET and DELETE");
  }

  @Test
  void what_nobody_hears_does_not_hold_up_the_end_of_the_server() throws Exception {
    start(options());
    lose("a fox", 1);
    until(() -> get("health").statusCode() == 200);
    server.stop(Duration.ofHours(1)); // returns: the held picture is stopped
    await(generator.cancelled);
  }
}
