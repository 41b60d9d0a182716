package io.github.lumina4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.image.ImageFormat;
import io.github.lumina4j.image.WriteOptions;
import io.github.lumina4j.model.GenerationDefaults;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** A server over a fake, and ways to ask it. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
abstract class ServerTest {
  static final String GENERATIONS = "v1/images/generations";
  static final String EDITS = "v1/images/edits";
  static final String BOUNDARY = "a-line-between";

  final FakeGenerator generator = new FakeGenerator();
  final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  LuminaServer server;

  @AfterEach
  void stop() {
    generator.held = false;
    if (server != null) {
      server.stop(Duration.ZERO);
    }
  }

  static ServerOptions.Builder options() {
    return ServerOptions.builder().port(0);
  }

  /** A model that draws 64x64 unless asked otherwise. */
  void start(ServerOptions.Builder options) {
    start("fake", options);
  }

  void start(String name, ServerOptions.Builder options) {
    GenerationDefaults defaults = new GenerationDefaults(64, 64, 3.5, 50, 0.9);
    server =
        LuminaServer.start(
            new ServedModel(name, defaults, generator, result -> Map.of("Software", "a test")),
            options.build());
  }

  URI uri(String path) {
    return server.uri().resolve("/" + path);
  }

  HttpResponse<String> get(String path, String... headers) {
    return send(builder(path, headers).GET());
  }

  HttpResponse<String> generate(String json) {
    return send(generation(json));
  }

  CompletableFuture<HttpResponse<String>> generateLater(String json) {
    return http.sendAsync(generation(json).build(), BodyHandlers.ofString());
  }

  HttpRequest.Builder generation(String json) {
    return builder(GENERATIONS, "Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(json));
  }

  HttpResponse<String> edit(byte[] form) {
    return send(
        builder(EDITS, "Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
            .POST(HttpRequest.BodyPublishers.ofByteArray(form)));
  }

  HttpRequest.Builder builder(String path, String... headers) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(60));
    return headers.length == 0 ? builder : builder.headers(headers);
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError("no answer", e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A connection that has sent a request for a picture and reads nothing. */
  Socket open(String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    Socket socket = new Socket("127.0.0.1", server.port());
    socket
        .getOutputStream()
        .write(
            ("POST /v1/images/generations HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: application/json\r\nContent-Length: "
                    + body.length
                    + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(body);
    socket.getOutputStream().flush();
    return socket;
  }

  int waiting() {
    return json(get("health")).get("waiting").intValue();
  }

  /** Waits until it is so; a test that waits in vain ends by its time limit. */
  static void until(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      pause();
    }
  }

  static void await(Semaphore event) throws InterruptedException {
    assertThat(event.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
  }

  static JsonNode json(HttpResponse<String> response) {
    return json(response.body());
  }

  static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (IOException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }

  /** Asserts an error in the form of the API. */
  static void assertError(HttpResponse<String> response, int status, String code, String words) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    JsonNode error = json(response).get("error");
    assertThat(error.get("code").textValue()).isEqualTo(code);
    assertThat(error.get("message").textValue()).contains(words).doesNotContain("\n");
    assertThat(error.has("param")).isTrue();
    assertThat(error.get("type").textValue()).isNotBlank();
  }

  static RgbImage picture(byte[] file) {
    return ImageFiles.read(new ByteArrayInputStream(file), "answer");
  }

  static RgbImage picture(int width, int height) {
    byte[] pixels = new byte[width * height * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i / 3 / width + i % 3 * 50);
    }
    return new RgbImage(width, height, pixels);
  }

  static byte[] png(RgbImage picture) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageFiles.write(out, picture, ImageFormat.PNG, WriteOptions.DEFAULT);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  /** A form of a picture, without a file name, and texts. */
  static byte[] form(byte[] picture, String... texts) {
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    part(form, "image", picture);
    for (int i = 0; i < texts.length; i += 2) {
      part(form, texts[i], texts[i + 1].getBytes(StandardCharsets.UTF_8));
    }
    form.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
    return form.toByteArray();
  }

  private static void part(ByteArrayOutputStream form, String name, byte[] content) {
    form.writeBytes(
        ("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    form.writeBytes(content);
    form.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  private static void pause() {
    try {
      Thread.sleep(2);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
