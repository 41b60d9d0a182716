package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lumina serve} as a user starts it, with the demo model on the real library. */
class ServeEndToEndTest {
  @TempDir Path folder;

  private final Program program = new Program(new LibraryBackend());

  /** Asks for pictures and gives what their PNGs say about themselves. */
  private List<RequestRecord> draw(String url, String json) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "v1/images/generations"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    List<RequestRecord> records = new ArrayList<>();
    for (JsonNode image : new ObjectMapper().readTree(response.body()).get("data")) {
      records.add(record(Base64.getDecoder().decode(image.get("b64_json").textValue())));
    }
    return records;
  }

  private RequestRecord record(byte[] png) throws IOException {
    return PictureText.read(Files.write(folder.resolve("picture.png"), png));
  }

  @Test
  void pictures_of_one_request_are_drawn_together() throws Exception {
    program.variables.put("LUMINA_CACHE", folder.resolve("cache").toString());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    CompletableFuture<Integer> exit =
        CompletableFuture.supplyAsync(
            () ->
                LuminaCommand.run(
                    program.environment(),
                    StandardStream.of(out),
                    new PrintWriter(err, true),
                    "serve",
                    "--port",
                    "0"));
    try {
      while (!out.toString(StandardCharsets.UTF_8).endsWith("\n")) {
        assertThat(exit.isDone()).as("%s", err).isFalse();
        Thread.sleep(5);
      }
      String url = out.toString(StandardCharsets.UTF_8).strip();
      String words = "{\"prompt\":\"a red circle\",\"size\":\"64x64\",\"seed\":1,\"n\":";
      assertThat(draw(url, words + "4}"))
          .extracting(RequestRecord::together)
          .containsExactly(4, 4, 4, 4);
      assertThat(draw(url, words + "1}")).extracting(RequestRecord::together).containsOnlyNulls();
    } finally {
      program.cancellation.cancel();
      exit.join();
    }
  }
}
