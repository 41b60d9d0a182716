package io.github.lumina4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.model.GenerationDefaults;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Waiting, going away, being too late, and the end of the server. */
class QueueTest extends ServerTest {
  private final List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();

  private static String of(String user, String prompt, int count) {
    return "{\"user\":\"%s\",\"prompt\":\"%s\",\"n\":%d,\"seed\":1}".formatted(user, prompt, count);
  }

  /** Sends it and waits until it is in the queue. */
  private CompletableFuture<HttpResponse<String>> queue(String json) {
    int before = waiting();
    CompletableFuture<HttpResponse<String>> answer = generateLater(json);
    until(() -> waiting() == before + 1);
    answers.add(answer);
    return answer;
  }

  private CompletableFuture<HttpResponse<String>> draw(String json) throws InterruptedException {
    generator.held = true;
    CompletableFuture<HttpResponse<String>> answer = generateLater(json);
    await(generator.begun);
    answers.add(answer);
    return answer;
  }

  private void letGo() {
    generator.held = false;
    answers.forEach(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
  }

  @Test
  void clients_take_turns() throws Exception {
    start(options());
    draw(of("a", "a1", 1));
    queue(of("a", "a2", 1));
    queue(of("a", "a3", 1));
    queue(of("b", "b1", 1));
    queue(of("c", "c1", 1));
    letGo();
    assertThat(generator.prompts()).containsExactly("a1", "a2", "b1", "c1", "a3");
  }

  @Test
  void a_request_for_many_pictures_lets_others_in_between() throws Exception {
    start(options());
    draw(of("a", "many", 6));
    queue(of("b", "one", 1));
    letGo();
    assertThat(generator.prompts())
        .containsExactly("many", "many", "many", "many", "one", "many", "many");
    assertThat(generator.requests.stream().map(r -> r.sampling().seed()))
        .containsExactly(1L, 2L, 3L, 4L, 1L, 5L, 6L);
    assertThat(generator.groups).containsExactly(4, 1, 2);
  }

  @Test
  void pictures_that_cannot_share_passes_are_turns_of_their_own() throws Exception {
    start(options());
    draw("{\"user\":\"a\",\"prompt\":\"many\",\"n\":3,\"speculate\":true}");
    queue(of("b", "one", 1));
    letGo();
    assertThat(generator.prompts()).containsExactly("many", "one", "many", "many");
  }

  @Test
  void the_place_in_the_queue_is_told() throws Exception {
    start(options());
    draw(of("a", "a1", 1));
    CompletableFuture<HttpResponse<String>> second = queue(of("a", "a2", 1));
    CompletableFuture<HttpResponse<String>> third = queue(of("b", "b1", 1));
    letGo();
    assertThat(second.join().headers().firstValue("X-Queue-Position")).contains("1");
    assertThat(third.join().headers().firstValue("X-Queue-Position")).contains("2");
  }

  @Test
  void a_stream_tells_place_and_progress_on_request() throws Exception {
    start(options());
    draw(of("a", "a1", 1));
    HttpResponse<Stream<String>> stream =
        http.send(
            generation("{\"prompt\":\"x\",\"stream\":true,\"progress\":true,\"size\":\"64x64\"}")
                .build(),
            BodyHandlers.ofLines());
    Iterator<String> lines = stream.body().iterator();
    assertThat(lines.next()).isEqualTo("event: lumina.job");
    assertThat(json(lines.next().substring(6)).get("url").textValue())
        .isEqualTo("/v1/images/jobs/" + stream.headers().firstValue("X-Job-Id").orElseThrow());
    assertThat(lines.next()).isEmpty();
    assertThat(lines.next()).isEqualTo("event: lumina.queued");
    assertThat(json(lines.next().substring(6)).get("position").intValue()).isEqualTo(1);
    generator.held = false;
    List<String> rest = new ArrayList<>();
    lines.forEachRemaining(rest::add);
    assertThat(rest)
        .contains("event: lumina.progress", "event: image_generation.completed")
        .anyMatch(line -> line.contains("\"rows_done\":8,\"rows_total\":8"));
  }

  @Test
  void a_stream_without_progress_has_comments_that_clients_skip() throws Exception {
    start(options());
    draw(of("a", "a1", 1));
    HttpResponse<Stream<String>> stream =
        http.send(generation("{\"prompt\":\"x\",\"stream\":true}").build(), BodyHandlers.ofLines());
    Iterator<String> lines = stream.body().iterator();
    assertThat(lines.next()).isEqualTo(": queued, position 1");
    generator.held = false;
    List<String> rest = new ArrayList<>();
    lines.forEachRemaining(rest::add);
    assertThat(rest.stream().filter(line -> line.startsWith("event: ")))
        .containsExactly("event: image_generation.completed");
  }

  @Test
  void one_client_cannot_fill_the_queue() throws Exception {
    start(options().queue(3, 2));
    draw(of("a", "a1", 1));
    queue(of("a", "a2", 1));
    queue(of("a", "a3", 1));
    HttpResponse<String> mine = generate(of("a", "a4", 1));
    assertError(mine, 429, "queue_full", "of yours");
    assertThat(mine.headers().firstValueAsLong("Retry-After").orElseThrow()).isPositive();
    queue(of("b", "b1", 1));
    assertError(generate(of("c", "c1", 1)), 429, "queue_full", "as may: 3");
    letGo();
  }

  @Test
  void a_client_that_goes_away_takes_its_request_with_it() throws Exception {
    start(options());
    generator.held = true;
    Socket drawn = open(of("a", "drawn", 3));
    await(generator.begun);
    Socket waits = open(of("b", "waits", 1));
    until(() -> waiting() == 1);
    waits.close();
    until(() -> waiting() == 0);
    drawn.close();
    await(generator.cancelled);
    letGo();
    assertThat(generate(of("c", "later", 1)).statusCode()).isEqualTo(200);
    assertThat(generator.prompts()).containsExactly("drawn", "later");
    assertThat(get("metrics").body()).contains("lumina_cancel_seconds_count 1\n");
  }

  @Test
  void a_client_that_leaves_a_stream_takes_its_request_with_it() throws Exception {
    start(options().linger(Duration.ZERO));
    generator.held = true;
    Socket stream = open("{\"prompt\":\"x\",\"stream\":true,\"progress\":true}");
    await(generator.begun);
    stream.getInputStream().read();
    stream.close();
    await(generator.cancelled);
  }

  @Test
  void a_request_beyond_its_time_limit_is_stopped() throws Exception {
    start(options().timeLimit(Duration.ofMillis(300)));
    generator.held = true;
    CompletableFuture<HttpResponse<String>> drawn = generateLater(of("a", "drawn", 1));
    await(generator.begun);
    HttpResponse<String> waited = generate(of("b", "waits", 1));
    assertError(waited, 503, "time_limit_exceeded", "longer than");
    assertThat(waited.headers().firstValue("X-Should-Retry")).contains("false");
    assertError(drawn.join(), 503, "time_limit_exceeded", "longer than");
    await(generator.cancelled);
    generator.held = false;
    assertThat(generate(of("c", "later", 1)).statusCode()).isEqualTo(200);
    assertThat(generator.prompts()).startsWith("drawn").endsWith("later");
  }

  @Test
  void a_failure_within_a_stream_is_an_event() throws Exception {
    start(options().timeLimit(Duration.ofMillis(1500)));
    draw(of("a", "a1", 1)).cancel(true);
    answers.clear();
    HttpResponse<String> stream =
        send(generation("{\"prompt\":\"x\",\"stream\":true,\"progress\":true}"));
    assertThat(stream.statusCode()).isEqualTo(200);
    assertThat(stream.body()).contains("event: error\ndata: {\"error\":{").contains("time_limit");
  }

  @Test
  void stopping_finishes_what_is_drawn_and_hands_back_the_rest() throws Exception {
    start(options());
    CompletableFuture<HttpResponse<String>> drawn = draw(of("a", "drawn", 2));
    CompletableFuture<HttpResponse<String>> waits = queue(of("b", "waits", 1));
    Thread stop = new Thread(() -> server.stop(Duration.ofSeconds(60)));
    stop.start();
    HttpResponse<String> handedBack = waits.join();
    assertError(handedBack, 503, "stopping", "again");
    assertThat(handedBack.headers().firstValue("Retry-After")).isPresent();
    HttpResponse<String> late = generate(of("c", "late", 1));
    assertError(late, 503, "stopping", "again");
    assertThat(get("health").statusCode()).isEqualTo(503);
    generator.held = false;
    assertThat(drawn.join().statusCode()).isEqualTo(200);
    assertThat(json(drawn.join()).get("data")).hasSize(2);
    stop.join(60_000);
    assertThat(stop.isAlive()).isFalse();
    assertThat(generator.prompts()).containsExactly("drawn", "drawn");
  }

  @Test
  void without_grace_what_is_drawn_is_handed_back_too() throws Exception {
    start(options());
    CompletableFuture<HttpResponse<String>> drawn = draw(of("a", "drawn", 1));
    server.stop(Duration.ZERO);
    assertError(drawn.join(), 503, "stopping", "again");
    await(generator.cancelled);
    server.stop(Duration.ZERO);
    server.close();
  }

  @Test
  void metrics_count_what_happened() {
    start(options());
    generate(of("a", "a1", 2));
    generate("{}");
    String metrics = get("metrics").body();
    assertThat(metrics)
        .contains("lumina_picture_seconds_count 2")
        .contains("lumina_http_requests_total{route=\"generations\",status=\"200\"} 1")
        .contains("lumina_http_requests_total{route=\"generations\",status=\"400\"} 1")
        .contains("lumina_jobs_total{end=\"finished\"} 1")
        .contains("lumina_queue_waiting 0")
        .contains("jvm_memory_used_bytes");
  }

  @Test
  void a_port_that_is_taken_is_a_clear_failure() {
    start(options());
    ServedModel model =
        new ServedModel("x", GenerationDefaults.NONE, generator, result -> Map.of());
    ServerOptions taken = options().port(server.port()).build();
    assertThatThrownBy(() -> LuminaServer.start(model, taken))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot listen on 127.0.0.1:" + server.port());
  }

  @Test
  void what_is_not_json_is_not_looked_at() {
    start(options());
    HttpResponse<String> response =
        send(
            builder(GENERATIONS, "Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"x\"}")));
    assertError(response, 415, "unsupported_media_type", "application/json");
  }
}
