package io.github.lumina4j.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.GenerationCancelledException;
import io.github.lumina4j.LuminaException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a local service that answers as a test wants it to. */
class ChatRewriterTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(400);

  private interface Answer {
    void give(HttpExchange exchange) throws IOException, InterruptedException;
  }

  private final CountDownLatch release = new CountDownLatch(1);
  private HttpServer server;
  private Answer answer;
  private volatile JsonNode asked;
  private volatile List<String> keys;
  private volatile String path;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext(
        "/",
        exchange -> {
          path = exchange.getRequestURI().getPath();
          keys = exchange.getRequestHeaders().get("Authorization");
          asked = new ObjectMapper().readTree(exchange.getRequestBody());
          try {
            answer.give(exchange);
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    release.countDown();
    server.stop(0);
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void answers(int status, String text) {
    answer = exchange -> send(exchange, status, text.getBytes(StandardCharsets.UTF_8));
  }

  private void answersContent(String content) {
    answers(
        200,
        "{\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"role\":\"assistant\",\"content\":"
            + new ObjectMapper().valueToTree(content)
            + "}}]}");
  }

  private URI address(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private ChatRewriter rewriter(Duration limit) {
    return ChatRewriter.builder(address("/v1"), "writer-7b").limit(limit).build();
  }

  private void fails(Duration limit, String reason) {
    assertThatThrownBy(() -> rewriter(limit).rewrite("a fox", null))
        .isInstanceOfSatisfying(
            LuminaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO))
        .hasMessageStartingWith("rewriting the prompt: ")
        .hasMessageContaining(reason)
        .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
  }

  @Test
  void the_service_is_asked_as_the_chat_api_wants_it() {
    answersContent("A red fox in deep snow. 狐");
    String words = "a \"fox\"\n狐";
    assertThat(rewriter(LIMIT).rewrite(words, new CancellationToken()))
        .isEqualTo("A red fox in deep snow. 狐");
    assertThat(path).isEqualTo("/v1/chat/completions");
    assertThat(keys).isNull();
    assertThat(asked.path("model").asText()).isEqualTo("writer-7b");
    assertThat(asked.path("stream").booleanValue()).isFalse();
    JsonNode messages = asked.path("messages");
    assertThat(messages).hasSize(2);
    assertThat(messages.path(0).path("role").asText()).isEqualTo("system");
    assertThat(messages.path(0).path("content").asText()).isEqualTo(ChatRewriter.INSTRUCTIONS);
    assertThat(messages.path(1).path("role").asText()).isEqualTo("user");
    assertThat(messages.path(1).path("content").asText()).isEqualTo(words);
  }

  @Test
  void key_instructions_and_the_whole_address_are_as_given() {
    answersContent("x");
    for (String given : List.of("/v1", "/v1/", "/v1/chat/completions")) {
      ChatRewriter.builder(address(given), "m")
          .apiKey("sk-1.2_3")
          .instructions("Write haiku.")
          .build()
          .rewrite("a fox", null);
      assertThat(path).as(given).isEqualTo("/v1/chat/completions");
    }
    assertThat(keys).containsExactly("Bearer sk-1.2_3");
    assertThat(asked.path("messages").path(0).path("content").asText()).isEqualTo("Write haiku.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "' a fox ' | a fox",
        "<think>hm, hm</think> a fox | a fox",
        "a <think>quoted</think> fox | a <think>quoted</think> fox",
      })
  void the_prompt_comes_without_what_is_around_it(String content, String prompt) {
    answersContent(content.replace("hm, hm", "one\ntwo"));
    assertThat(rewriter(LIMIT).rewrite("fox", null)).isEqualTo(prompt);
  }

  @Test
  void an_answer_without_a_prompt_is_refused() {
    answers(200, "<html>\nnot what you want</html>");
    fails(LIMIT, "the answer is not JSON: '<html> not what you want</html>'");
    answers(200, "{\"choices\":[]}");
    fails(LIMIT, "no text is in the answer: '{\"choices\":[]}'");
    answers(200, "{\"choices\":[{\"message\":{\"content\":[1]}}]}");
    fails(LIMIT, "no text is in the answer");
    answers(200, "[".repeat(5_000));
    fails(LIMIT, "the answer is not JSON");
    answers(200, "");
    fails(LIMIT, "no text is in the answer");
    answersContent(" \n ");
    fails(LIMIT, "the answer holds no prompt");
    answersContent("<think>and on and on");
    fails(LIMIT, "the answer holds no prompt");
    answersContent("a\0b");
    fails(LIMIT, "NUL");
    answersContent("x".repeat(ChatRewriter.MAX_CHARS + 1));
    fails(LIMIT, "8001 characters");
    answers(
        200, "{\"choices\":[{\"finish_reason\":\"length\",\"message\":{\"content\":\"a fo\"}}]}");
    fails(LIMIT, "cut off");
  }

  @Test
  void a_prompt_of_the_largest_size_is_taken() {
    answersContent("x".repeat(ChatRewriter.MAX_CHARS));
    assertThat(rewriter(LIMIT).rewrite("fox", null)).hasSize(ChatRewriter.MAX_CHARS);
  }

  @Test
  void a_service_that_refuses_is_told_with_its_words() {
    answers(401, "{\"error\":\n{\"message\":\"no such key\"}}");
    fails(
        LIMIT,
        "answered with status 401 instead of 200: {\"error\": {\"message\":\"no such key\"}}");
    answer =
        exchange -> {
          exchange.getResponseHeaders().add("Location", address("/elsewhere").toString());
          send(exchange, 307, new byte[0]);
        };
    fails(LIMIT, "answered with status 307");
    assertThat(path).isEqualTo("/v1/chat/completions");
    server.stop(0);
    fails(LIMIT, address("/v1/chat/completions").toString());
  }

  @Test
  void a_service_that_stalls_or_trickles_is_given_up() {
    answer = exchange -> release.await();
    fails(SHORT, "no answer within 0.4 s");
    // A byte now and then keeps a connection alive, but is no answer.
    answer =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          while (release.getCount() > 0) {
            exchange.getResponseBody().write(' ');
            exchange.getResponseBody().flush();
            Thread.sleep(20);
          }
        };
    fails(SHORT, "no answer within 0.4 s");
  }

  @Test
  void a_service_that_lies_about_the_length_is_told_as_such() {
    answer =
        exchange -> {
          exchange.sendResponseHeaders(200, 1_000);
          exchange.getResponseBody().write("{\"choices\"".getBytes(StandardCharsets.UTF_8));
          exchange.getResponseBody().flush();
          exchange.close();
        };
    fails(LIMIT, address("/v1/chat/completions").toString());
  }

  @Test
  void an_answer_without_end_is_not_read() {
    answer =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] much = new byte[1 << 16];
          for (int i = 0; i < 1_000; i++) {
            exchange.getResponseBody().write(much);
          }
          exchange.close();
        };
    fails(LIMIT, "answered with more than 1048576 bytes");
  }

  @Test
  void cancelling_ends_the_wait() {
    CancellationToken token = new CancellationToken();
    answer =
        exchange -> {
          token.cancel();
          release.await();
        };
    assertThatThrownBy(() -> rewriter(LIMIT).rewrite("a fox", token))
        .isInstanceOf(GenerationCancelledException.class);
    // Before it is asked, too.
    assertThatThrownBy(() -> rewriter(LIMIT).rewrite("a fox", token))
        .isInstanceOf(GenerationCancelledException.class);
  }

  @Test
  void an_interrupt_ends_the_wait() {
    Thread waiting = Thread.currentThread();
    answer =
        exchange -> {
          waiting.interrupt();
          release.await();
        };
    assertThatThrownBy(() -> rewriter(LIMIT).rewrite("a fox", null))
        .isInstanceOf(GenerationCancelledException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void what_cannot_be_a_service_is_refused() {
    for (String bad : List.of("ftp://host/v1", "file:///v1", "host", "http:///v1")) {
      assertThatThrownBy(() -> ChatRewriter.builder(URI.create(bad), "m").build())
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(bad);
    }
    ChatRewriter.Builder builder = ChatRewriter.builder(address("/"), "m");
    assertThatThrownBy(() -> ChatRewriter.builder(address("/"), " "))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.instructions("\n"))
        .isInstanceOf(IllegalArgumentException.class);
    for (String key : List.of("", "sk-secret\nX-Other: 1", "sk secret")) {
      assertThatThrownBy(() -> builder.apiKey(key))
          .isInstanceOf(IllegalArgumentException.class)
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
    }
  }
}
