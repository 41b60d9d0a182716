package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.github.lumina4j.image.ImageFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code lumina generate --rewrite}, against a local service. */
class RewriteTest extends CommandTest {
  private static final String BETTER = "A red fox in deep snow, 狐, at dusk.";

  private final CountDownLatch release = new CountDownLatch(1);
  private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private volatile String key;
  private volatile String content = BETTER; // null: no answer at all

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          asked.add(new ObjectMapper().readTree(exchange.getRequestBody()));
          key = exchange.getRequestHeaders().getFirst("Authorization");
          if (content == null) {
            program.cancellation.cancel();
            try {
              release.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            return;
          }
          byte[] bytes =
              ("{\"choices\":[{\"message\":{\"content\":"
                      + new ObjectMapper().valueToTree(content)
                      + "}}]}")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    release.countDown();
    server.stop(0);
  }

  private String service() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  private Object[] generate(Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of("generate", "a fox", "--size", "32x32", "--seed", 7, "-o", file("fox.png")));
    args.addAll(List.of("--rewrite", service(), "--rewrite-model", "writer-7b"));
    args.addAll(List.of(more));
    return args.toArray();
  }

  @Test
  void the_rewritten_prompt_is_drawn_and_both_are_kept() {
    Program.Result result = succeed(generate("-n", 2, "--json"));
    assertThat(result.err()).contains("drawing: " + BETTER);
    assertThat(backend.requests).hasSize(2).allMatch(r -> r.prompt().equals(BETTER));
    assertThat(asked).hasSize(1);
    assertThat(asked.get(0).path("messages").path(1).path("content").asText()).isEqualTo("a fox");
    assertThat(key).isNull();
    for (Path file : List.of(file("fox-1.png"), file("fox-2.png"))) {
      RequestRecord record = PictureText.read(file);
      assertThat(record.prompt()).isEqualTo(BETTER);
      assertThat(record.rewrite()).isEqualTo(new UsedRewrite("a fox", "writer-7b"));
      assertThat(ImageFiles.readText(file))
          .containsEntry("prompt", BETTER)
          .containsEntry("rewrite", "by writer-7b from: a fox");
    }
    JsonNode request = json(result.out()).path("request");
    assertThat(request.path("prompt").asText()).isEqualTo(BETTER);
    assertThat(request.path("rewrite").path("original").asText()).isEqualTo("a fox");
    assertThat(succeed("inspect", file("fox-1.png")).out()).contains("by writer-7b from: a fox");
  }

  @Test
  void benchmark_prompts_are_rewritten_once_each() throws IOException {
    Files.writeString(file("p.jsonl"), "{\"prompt\": \"a dog\"}\n{\"prompt\": \"a cat\"}\n");
    List<Object> args =
        new ArrayList<>(List.of("evaluate", "--geneval", file("g"), "--prompts", file("p.jsonl")));
    args.addAll(List.of("--size", "32x32", "--rewrite", service(), "--rewrite-model", "w"));
    succeed(args.toArray());
    assertThat(asked).hasSize(2);
    assertThat(backend.requests).hasSize(8).allMatch(r -> r.prompt().equals(BETTER));
    assertThat(Files.readString(file("g/00001/metadata.jsonl"))).contains("a cat");
    assertThat(Files.readString(file("g/00001/rewritten.txt"))).isEqualTo(BETTER + "\n");

    Files.delete(file("g/00001/samples/00002.png"));
    content = "Something else.";
    succeed(args.toArray());
    assertThat(asked).as("what was drawn before is drawn again").hasSize(2);
    assertThat(backend.requests).hasSize(9).allMatch(r -> r.prompt().equals(BETTER));
  }

  @Test
  void without_the_option_nothing_is_asked() {
    succeed("generate", "a fox", "--size", "32x32", "-o", file("fox.png"));
    assertThat(asked).isEmpty();
    assertThat(PictureText.read(file("fox.png")).rewrite()).isNull();
    assertThat(ImageFiles.readText(file("fox.png"))).doesNotContainKey("rewrite");
  }

  @Test
  void key_and_instructions_are_as_given() throws IOException {
    program.variables.put(RewriteOptions.KEY_VARIABLE, " sk-1\n");
    Files.writeString(file("system.txt"), "Write haiku.");
    succeed(generate("--rewrite-system", file("system.txt")));
    assertThat(key).isEqualTo("Bearer sk-1");
    assertThat(asked.get(0).path("messages").path(0).path("content").asText())
        .isEqualTo("Write haiku.");
  }

  @Test
  void the_record_of_such_a_picture_draws_it_again_without_asking() throws IOException {
    succeed(generate());
    String record = ImageFiles.readText(file("fox.png")).get("lumina4j");
    JsonNode fields = new ObjectMapper().readTree(record);
    ((ObjectNode) fields).remove(List.of("model", "image_tokenizer", "dtype", "image_dtype"));
    Files.writeString(file("again.jsonl"), fields + "\n");
    String again = succeed("batch", file("again.jsonl"), "-o", file("out")).out().strip();
    assertThat(ImageFiles.read(Path.of(again))).isEqualTo(ImageFiles.read(file("fox.png")));
    assertThat(asked).hasSize(1);
    // As a wish of a line it is not known: lines are not rewritten.
    Files.writeString(file("wish.jsonl"), "{\"prompt\":\"a\",\"rewrite\":\"http://x/v1\"}\n");
    Program.Result result = run("batch", file("wish.jsonl"), "-o", file("out"));
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("unknown field 'rewrite'");
  }

  @Test
  void a_service_that_fails_ends_it_before_anything_is_loaded() {
    content = " ";
    refuse(1, "rewriting the prompt: the answer holds no prompt", generate("-q"));
    server.stop(0);
    refuse(1, "rewriting the prompt: http://127.0.0.1:", generate("-q"));
    assertThat(files()).isEmpty();
  }

  @Test
  void a_request_that_cannot_be_served_is_not_sent_anywhere() {
    refuse(2, "--cfg", generate("--cfg", "much"));
    refuse(2, "{prompt} is missing", generate("--template", "A picture."));
    assertThat(asked).isEmpty();
  }

  @Test
  void cancelling_ends_the_wait() {
    content = null;
    Program.Result result = run(generate("-q"));
    assertThat(result.code()).isEqualTo(130);
    assertThat(result.err()).isEqualTo("lumina: cancelled\n");
    assertThat(backend.opened).isEmpty();
  }

  @Test
  void what_makes_no_sense_is_refused() throws IOException {
    String url = service();
    refuse(2, "need --rewrite URL", "generate", "x", "--rewrite-model", "m");
    refuse(2, "--rewrite needs --rewrite-model", "generate", "x", "--rewrite", url);
    refuse(2, "must be 1 or more, not 0", generate("--rewrite-seconds", 0));
    refuse(2, "is not http", "generate", "x", "--rewrite", "ftp://x/", "--rewrite-model", "m");
    refuse(2, "--rewrite a b: ", "generate", "x", "--rewrite", "a b", "--rewrite-model", "m");
    refuse(1, "none.txt: there is no such file", generate("--rewrite-system", file("none.txt")));
    Files.writeString(file("empty.txt"), "\n");
    refuse(
        2, "instructions of the language model", generate("--rewrite-system", file("empty.txt")));
    program.variables.put(RewriteOptions.KEY_VARIABLE, "sk secret");
    Program.Result result = run(generate());
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("API key").doesNotContain("secret");
    assertThat(asked).isEmpty();
  }
}
