package io.github.lumina4j.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.GenerationCancelledException;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.GenerationStats;
import io.github.lumina4j.ImageCodes;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.Verifier;
import io.github.lumina4j.image.ImageFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifiersTest {
  private static final GenerationStats STATS =
      new GenerationStats(1, 1, 1, 1, 1, List.of(), 0, 0, 0, 0, 0, 0, 0, 0, 0);

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final RgbImage PICTURE = new RgbImage(2, 1, new byte[] {1, 2, 3, 4, 5, 6});
  private static final GenerationRequest REQUEST =
      GenerationRequest.builder("a \"fox\"\n狐").size(32, 32).seed(7).build();
  private static final GenerationResult RESULT = result(REQUEST);

  @TempDir Path folder;

  private final CountDownLatch release = new CountDownLatch(1);
  private HttpServer server;
  private JsonNode asked;

  private static GenerationResult result(GenerationRequest request) {
    return new GenerationResult(request, PICTURE, new ImageCodes(4, 4, new int[16]), true, STATS);
  }

  private URI serve(int status, String answer) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/score",
        exchange -> {
          asked = new ObjectMapper().readTree(exchange.getRequestBody());
          if (answer == null) {
            try {
              release.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            return;
          }
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/score");
  }

  @AfterEach
  void stop() {
    release.countDown();
    if (server != null) {
      server.stop(0);
    }
  }

  private static void fails(Verifier verifier, String reason) {
    assertThatThrownBy(() -> verifier.score(RESULT, new CancellationToken()))
        .isInstanceOfSatisfying(
            LuminaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO))
        .hasMessageStartingWith("verifier: ")
        .hasMessageContaining(reason);
  }

  @Test
  void a_service_is_sent_words_and_picture_and_answers_a_number() throws IOException {
    assertThat(
            new HttpVerifier(serve(200, " 0.83\n"), LIMIT).score(RESULT, new CancellationToken()))
        .isEqualTo(0.83);
    assertThat(asked.path("prompt").asText()).isEqualTo("a \"fox\"\n狐");
    assertThat(asked.path("seed").asLong()).isEqualTo(7);
    assertThat(asked.has("picture")).isFalse();
    byte[] png = Base64.getDecoder().decode(asked.path("picture_base64").asText());
    Path file = Files.write(folder.resolve("a.png"), png);
    assertThat(ImageFiles.read(file)).isEqualTo(PICTURE);
  }

  @Test
  void an_object_with_a_score_will_do() throws IOException {
    assertThat(
            new HttpVerifier(serve(200, "{\"score\":-2}"), LIMIT)
                .score(RESULT, new CancellationToken()))
        .isEqualTo(-2);
  }

  @Test
  void a_service_that_fails_is_told_as_such() throws IOException {
    fails(new HttpVerifier(serve(500, "1"), LIMIT), "answered with status 500");
    server.stop(0);
    fails(new HttpVerifier(serve(200, "{\"scores\":1}"), LIMIT), "is not a number");
    server.stop(0);
    URI gone = serve(200, "1");
    server.stop(0);
    fails(new HttpVerifier(gone, LIMIT), gone.toString());
    fails(
        new HttpVerifier(serve(200, " ".repeat(Score.MAX_BYTES) + "1"), LIMIT),
        "answered with more than " + Score.MAX_BYTES + " bytes");
    server.stop(0);
    fails(new HttpVerifier(serve(200, null), Duration.ofMillis(300)), "no answer within 0.3 s");
  }

  @Test
  void a_command_reads_the_question_and_prints_a_number() throws IOException {
    Path question = folder.resolve("question.json");
    Path copy = folder.resolve("copy.png");
    String command =
        "tee '"
            + question
            + "' | grep -o '/[^\"]*picture.png' | xargs -I{} cp {} '"
            + copy
            + "'; echo 1e-3";
    assertThat(new CommandVerifier(command, LIMIT).score(RESULT, new CancellationToken()))
        .isEqualTo(0.001);
    asked = new ObjectMapper().readTree(question.toFile());
    assertThat(asked.path("prompt").asText()).isEqualTo("a \"fox\"\n狐");
    assertThat(ImageFiles.read(copy)).isEqualTo(PICTURE);
    assertThat(Path.of(asked.path("picture").asText()).getParent()).doesNotExist();
  }

  @Test
  void a_command_need_not_read_and_may_say_much() {
    // More than pipes hold, both ways.
    GenerationRequest large = GenerationRequest.builder("x".repeat(300_000)).size(32, 32).build();
    String command = "head -c 300000 /dev/zero >&2; echo 2";
    assertThat(new CommandVerifier(command, LIMIT).score(result(large), new CancellationToken()))
        .isEqualTo(2);
  }

  @Test
  void a_command_that_hangs_is_ended_with_its_children() throws Exception {
    Path file = folder.resolve("pid");
    String command = "sleep 600 & echo $! > '" + file + "'; wait";
    fails(new CommandVerifier(command, Duration.ofMillis(500)), "no answer within 0.5 s");
    long child = Long.parseLong(Files.readString(file).strip());
    // Killed, if not yet gone; left alone, it would stay for ten minutes.
    for (ProcessHandle handle : ProcessHandle.of(child).stream().toList()) {
      assertThat(handle.onExit()).succeedsWithin(Duration.ofSeconds(20));
    }
  }

  @Test
  void a_verifier_can_be_stopped() throws IOException {
    for (Verifier verifier :
        new Verifier[] {
          new CommandVerifier("sleep 600", Duration.ofMinutes(5)),
          new HttpVerifier(serve(200, null), Duration.ofMinutes(5))
        }) {
      CancellationToken token = new CancellationToken();
      CompletableFuture<Double> score =
          CompletableFuture.supplyAsync(() -> verifier.score(RESULT, token));
      assertThat(score).isNotDone();
      token.cancel();
      assertThat(score)
          .failsWithin(Duration.ofSeconds(20))
          .withThrowableOfType(ExecutionException.class)
          .withCauseInstanceOf(GenerationCancelledException.class);
    }
  }

  @Test
  void the_model_is_asked_about_the_codes_and_told_when_to_stop() {
    CancellationToken token = new CancellationToken();
    LikelihoodVerifier.Model model =
        (request, codes, cancellation) -> {
          assertThat(request).isSameAs(REQUEST);
          assertThat(codes).isEqualTo(RESULT.codes());
          assertThat(cancellation).isSameAs(token);
          return -3.5;
        };
    assertThat(new LikelihoodVerifier(model).score(RESULT, token)).isEqualTo(-3.5);
  }

  @Test
  void a_command_that_fails_is_told_with_its_words() {
    fails(new CommandVerifier("echo no model >&2; exit 4", LIMIT), "ended with 4: no model");
    fails(new CommandVerifier("nonexistent-program", LIMIT), "ended with 127");
    assertThatThrownBy(() -> new CommandVerifier(" ", LIMIT))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
