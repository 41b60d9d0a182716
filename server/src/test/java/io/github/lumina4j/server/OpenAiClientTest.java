package io.github.lumina4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.images.Image;
import com.openai.models.images.ImageEditCompletedEvent;
import com.openai.models.images.ImageEditParams;
import com.openai.models.images.ImageEditPartialImageEvent;
import com.openai.models.images.ImageEditStreamEvent;
import com.openai.models.images.ImageGenCompletedEvent;
import com.openai.models.images.ImageGenPartialImageEvent;
import com.openai.models.images.ImageGenStreamEvent;
import com.openai.models.images.ImageGenerateParams;
import com.openai.models.images.ImagesResponse;
import com.openai.models.models.Model;
import io.github.lumina4j.DecodingOptions;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.ImageSize;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.CenterCrop;
import io.github.lumina4j.image.Panels;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The API as the official client sees it, unchanged, with all its checks of answers switched on.
 */
@SuppressWarnings("deprecation") // users of earlier models still choose a response format
class OpenAiClientTest extends ServerTest {
  private OpenAIClient client;

  @AfterEach
  void closeClient() {
    if (client != null) {
      client.close();
    }
  }

  private void connect(ServerOptions.Builder options, String key) {
    start(options);
    client =
        OpenAIOkHttpClient.builder()
            .baseUrl(uri("v1").toString())
            .apiKey(key)
            .maxRetries(0)
            .responseValidation(true)
            .build();
  }

  private void connect() {
    connect(options(), "any");
  }

  private static ImageGenerateParams.Builder fox() {
    return ImageGenerateParams.builder().prompt("a fox").model("fake");
  }

  private static byte[] bytes(Image image) {
    return Base64.getDecoder().decode(image.b64Json().orElseThrow());
  }

  @Test
  void pictures_come_in_the_answer() {
    connect();
    ImagesResponse response =
        client
            .images()
            .generate(
                fox()
                    .n(2)
                    .size("96x64")
                    .responseFormat(ImageGenerateParams.ResponseFormat.B64_JSON)
                    .putAdditionalBodyProperty("seed", JsonValue.from(41))
                    .build());
    List<Image> images = response.data().orElseThrow();
    assertThat(images).hasSize(2);
    for (int i = 0; i < 2; i++) {
      GenerationRequest request = generator.requests.get(i);
      assertThat(request.sampling().seed()).isEqualTo(41 + i);
      assertThat(request.size()).isEqualTo(new ImageSize(96, 64));
      assertThat(picture(bytes(images.get(i)))).isEqualTo(FakeGenerator.paint(request));
      assertThat(images.get(i)._additionalProperties().get("seed"))
          .isEqualTo(JsonValue.from(41 + i));
    }
    assertThat(response.created()).isPositive();
    assertThat(response.outputFormat().orElseThrow()).isEqualTo(ImagesResponse.OutputFormat.PNG);
    ImagesResponse.Usage usage = response.usage().orElseThrow();
    assertThat(usage.inputTokens()).isEqualTo(1000);
    assertThat(usage.inputTokensDetails().imageTokens()).isZero();
    assertThat(usage.outputTokens()).isEqualTo(2 * 8 * 13);
    assertThat(usage.totalTokens()).isEqualTo(1000 + 2 * 8 * 13);
  }

  @Test
  void what_is_not_asked_for_is_up_to_the_model() {
    connect();
    client.images().generate(fox().build());
    GenerationRequest request = generator.requests.get(0);
    assertThat(request.size()).isEqualTo(new ImageSize(64, 64));
    assertThat(request.sampling().guidanceScale()).isEqualTo(3.5);
    assertThat(request.sampling().imageTopK()).isEqualTo(50);
    assertThat(request.sampling().temperature()).isEqualTo(0.9);
    assertThat(request.decoding()).isEqualTo(DecodingOptions.SEQUENTIAL);
    assertThat(request.open()).isEmpty();
  }

  @Test
  void extensions_are_fields_of_the_body() {
    connect();
    client
        .images()
        .generate(
            fox()
                .size("64x128")
                .putAdditionalBodyProperty("seed", JsonValue.from(-3))
                .putAdditionalBodyProperty("guidance_scale", JsonValue.from(2.5))
                .putAdditionalBodyProperty("top_k", JsonValue.from(7))
                .putAdditionalBodyProperty("temperature", JsonValue.from(0.5))
                .putAdditionalBodyProperty("speculate", JsonValue.from("gum"))
                .putAdditionalBodyProperty("window", JsonValue.from(8))
                .putAdditionalBodyProperty("task", JsonValue.from("pair-depth"))
                .build());
    GenerationRequest request = generator.requests.get(0);
    assertThat(request.sampling().seed()).isEqualTo(-3);
    assertThat(request.sampling().guidanceScale()).isEqualTo(2.5);
    assertThat(request.sampling().imageTopK()).isEqualTo(7);
    assertThat(request.sampling().temperature()).isEqualTo(0.5);
    assertThat(request.decoding())
        .isEqualTo(DecodingOptions.SEQUENTIAL.withMode(DecodingOptions.Mode.GUM).withWindow(8));
    assertThat(request.task().name()).isEqualTo("pair-depth");
    assertThat(request.size()).isEqualTo(new ImageSize(64, 128));
  }

  @Test
  void a_picture_can_be_fetched_by_its_url_without_a_key() throws Exception {
    connect(options().apiKey("secret"), "secret");
    Image image =
        client
            .images()
            .generate(fox().responseFormat(ImageGenerateParams.ResponseFormat.URL).build())
            .data()
            .orElseThrow()
            .get(0);
    assertThat(image.b64Json()).isEmpty();
    URI url = URI.create(image.url().orElseThrow());
    assertThat(url.getPath()).matches("/pictures/[A-Za-z0-9_-]{24}\\.png");
    byte[] file = http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofByteArray()).body();
    assertThat(picture(file)).isEqualTo(FakeGenerator.paint(generator.requests.get(0)));
    assertThat(get("pictures/AAAAAAAAAAAAAAAAAAAAAAAA.png").statusCode()).isEqualTo(404);
  }

  @Test
  void jpeg_is_written_on_request() {
    connect();
    ImagesResponse response =
        client
            .images()
            .generate(
                fox()
                    .outputFormat(ImageGenerateParams.OutputFormat.JPEG)
                    .outputCompression(80)
                    .build());
    assertThat(response.outputFormat().orElseThrow()).isEqualTo(ImagesResponse.OutputFormat.JPEG);
    assertThat(bytes(response.data().orElseThrow().get(0)))
        .startsWith((byte) 0xff, (byte) 0xd8, (byte) 0xff);
  }

  @Test
  void an_edit_gives_the_answer_panel_of_the_size_asked_for() {
    connect();
    RgbImage given = picture(100, 80);
    ImagesResponse response =
        client
            .images()
            .edit(
                ImageEditParams.builder()
                    .image(png(given))
                    .prompt("make it night")
                    .size("96x64")
                    .putAdditionalBodyProperty("seed", JsonValue.from(9))
                    .build());
    GenerationRequest request = generator.requests.get(0);
    assertThat(request.task().name()).isEqualTo("edit");
    assertThat(request.prompt()).isEqualTo("make it night");
    assertThat(request.size()).isEqualTo(new ImageSize(96, 128));
    assertThat(request.image()).contains(CenterCrop.centerCrop(given, 96, 64));
    assertThat(request.sampling().seed()).isEqualTo(9);
    assertThat(picture(bytes(response.data().orElseThrow().get(0))))
        .isEqualTo(Panels.lowerHalf(FakeGenerator.paint(request)));
    assertThat(response.usage().orElseThrow().inputTokensDetails().imageTokens()).isEqualTo(13 * 8);
  }

  @Test
  void a_picture_may_come_from_a_file(@TempDir Path folder) throws Exception {
    connect();
    Path file = Files.write(folder.resolve("given.png"), png(picture(64, 64)));
    client.images().edit(ImageEditParams.builder().image(file).prompt("night").build());
    assertThat(generator.requests.get(0).image()).contains(picture(64, 64));
  }

  @Test
  void a_stream_ends_with_each_finished_picture() {
    connect();
    try (StreamResponse<ImageGenStreamEvent> stream =
        client
            .images()
            .generateStreaming(
                fox().n(2).putAdditionalBodyProperty("seed", JsonValue.from(5)).build())) {
      List<ImageGenStreamEvent> events = stream.stream().toList();
      assertThat(events).hasSize(2);
      for (int i = 0; i < 2; i++) {
        ImageGenCompletedEvent event = events.get(i).validate().asGenerationCompleted();
        assertThat(picture(Base64.getDecoder().decode(event.b64Json())))
            .isEqualTo(FakeGenerator.paint(generator.requests.get(i)));
        assertThat(event.size().asString()).isEqualTo("64x64");
        assertThat(event.createdAt()).isPositive();
        assertThat(event.usage().outputTokens()).isEqualTo(8 * 9);
      }
    }
  }

  @Test
  void a_stream_of_edits_has_events_of_its_own() {
    connect();
    try (StreamResponse<ImageEditStreamEvent> stream =
        client
            .images()
            .editStreaming(
                ImageEditParams.builder().image(png(picture(64, 64))).prompt("night").build())) {
      List<ImageEditStreamEvent> events = stream.stream().toList();
      assertThat(events).hasSize(1);
      ImageEditCompletedEvent event = events.get(0).asCompleted();
      assertThat(picture(Base64.getDecoder().decode(event.b64Json())).height()).isEqualTo(64);
      assertThat(event.quality().isValid()).isTrue();
      assertThat(event.background().isValid()).isTrue();
      assertThat(event.outputFormat().isValid()).isTrue();
      assertThat(event.size().asString()).isEqualTo("64x64");
      assertThat(event.usage().isValid()).isTrue();
      assertThat(event.createdAt()).isPositive();
    }
  }

  @Test
  void a_stream_shows_the_picture_as_it_grows() {
    connect();
    try (StreamResponse<ImageGenStreamEvent> stream =
        client.images().generateStreaming(fox().partialImages(2).size("64x96").n(2).build())) {
      List<ImageGenStreamEvent> events = stream.stream().toList();
      assertThat(events).hasSize(6);
      for (int i = 0; i < 6; i++) {
        if (i % 3 == 2) {
          events.get(i).validate().asGenerationCompleted();
          continue;
        }
        ImageGenPartialImageEvent event = events.get(i).validate().asGenerationPartialImage();
        assertThat(event.partialImageIndex()).isEqualTo(i % 3);
        assertThat(event.size().asString()).isEqualTo("64x96");
        assertThat(event.createdAt()).isPositive();
        assertThat(event.quality()).isEqualTo(ImageGenPartialImageEvent.Quality.AUTO);
        assertThat(event.background()).isEqualTo(ImageGenPartialImageEvent.Background.OPAQUE);
        assertThat(event.outputFormat()).isEqualTo(ImageGenPartialImageEvent.OutputFormat.PNG);
        assertThat(event._additionalProperties().get("index")).isEqualTo(JsonValue.from(i / 3));
        int rows = 4 * (i % 3 + 1); // thirds of 12
        assertThat(event._additionalProperties().get("rows_done")).isEqualTo(JsonValue.from(rows));
        assertThat(picture(Base64.getDecoder().decode(event.b64Json())))
            .isEqualTo(Panels.unfinished(FakeGenerator.rough(64, rows * 8), 96));
      }
    }
  }

  @Test
  void a_stream_of_an_edit_shows_the_answer_panel_growing() {
    connect();
    try (StreamResponse<ImageEditStreamEvent> stream =
        client
            .images()
            .editStreaming(
                ImageEditParams.builder()
                    .image(png(picture(64, 64)))
                    .prompt("night")
                    .partialImages(3)
                    .outputFormat(ImageEditParams.OutputFormat.JPEG)
                    .build())) {
      List<ImageEditStreamEvent> events = stream.stream().toList();
      assertThat(events).hasSize(4);
      for (int i = 0; i < 3; i++) {
        ImageEditPartialImageEvent event = events.get(i).validate().asPartialImage();
        assertThat(event.partialImageIndex()).isEqualTo(i);
        assertThat(event.size().asString()).isEqualTo("64x64");
        assertThat(event.outputFormat()).isEqualTo(ImageEditPartialImageEvent.OutputFormat.JPEG);
        int rows = 8 + 2 * (i + 1); // quarters of the lower 8
        assertThat(event._additionalProperties().get("rows_done")).isEqualTo(JsonValue.from(rows));
        RgbImage shown = picture(Base64.getDecoder().decode(event.b64Json()));
        assertThat(shown.rgb(32, (rows - 8) * 8 - 4) & 0xff).isBetween(95, 103);
        assertThat(shown.rgb(32, (rows - 8) * 8 + 4) & 0xff).isGreaterThan(0xc0);
      }
      events.get(3).asCompleted();
    }
  }

  @Test
  void a_stream_may_show_every_so_many_rows() {
    connect();
    try (StreamResponse<ImageGenStreamEvent> stream =
        client
            .images()
            .generateStreaming(
                fox()
                    .size("64x64")
                    .putAdditionalBodyProperty("preview_rows", JsonValue.from(3))
                    .build())) {
      List<ImageGenStreamEvent> events = stream.stream().toList();
      assertThat(events).hasSize(4);
      assertThat(events.subList(0, 3))
          .extracting(
              event ->
                  event
                      .asGenerationPartialImage()
                      ._additionalProperties()
                      .get("rows_done")
                      .convert(Integer.class))
          .as("the last shows all rows")
          .containsExactly(3, 6, 8);
    }
  }

  @Test
  void the_model_is_listed() {
    connect();
    List<Model> models = client.models().list().items();
    assertThat(models).extracting(Model::id).containsExactly("fake");
    assertThat(client.models().retrieve("fake").ownedBy()).isEqualTo("lumina4j");
    assertThatThrownBy(() -> client.models().retrieve("other"))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void errors_are_of_the_kind_the_client_knows() {
    connect();
    OpenAIServiceException size = refused(BadRequestException.class, fox().size("100x64"));
    assertThat(size.param()).contains("size");
    assertThat(size.code()).contains("invalid_value");
    assertThat(size.type()).contains("invalid_request_error");
    assertThat(size).hasMessageContaining("nearest: 96x64 or 128x64");
    OpenAIServiceException model = refused(NotFoundException.class, fox().model("dall-e-3"));
    assertThat(model.code()).contains("model_not_found");
    OpenAIServiceException typo =
        refused(
            BadRequestException.class,
            fox().putAdditionalBodyProperty("guidence_scale", JsonValue.from(1)));
    assertThat(typo.param()).contains("guidence_scale");
    refused(BadRequestException.class, fox().partialImages(2));
    generator.failure = new IllegalArgumentException("the prompt has a control token");
    assertThat(refused(BadRequestException.class, fox())).hasMessageContaining("control token");
    generator.failure = new LuminaException(ErrorCode.OUT_OF_MEMORY, "no memory");
    assertThat(refused(InternalServerException.class, fox()).statusCode()).isEqualTo(503);
    generator.failure = new OutOfMemoryError("Java heap space");
    assertThat(refused(InternalServerException.class, fox()).statusCode()).isEqualTo(503);
    generator.failure = null;
    client.images().generate(fox().build());
  }

  @Test
  void what_the_model_cannot_draw_is_refused_before_it_waits() {
    connect();
    generator.refusal =
        new LuminaException(ErrorCode.INVALID_ARGUMENT, "the prompt has 12,000 tokens");
    assertThat(refused(BadRequestException.class, fox())).hasMessageContaining("12,000 tokens");
    assertThat(generator.requests).isEmpty();
    generator.refusal = null;
    client.images().generate(fox().build());
  }

  @Test
  void a_stream_that_fails_at_once_has_a_status() {
    connect();
    generator.failure = new IllegalArgumentException("a control token");
    assertThatThrownBy(
            () -> {
              try (StreamResponse<ImageGenStreamEvent> stream =
                  client.images().generateStreaming(fox().build())) {
                stream.stream().toList();
              }
            })
        .isInstanceOf(BadRequestException.class);
  }

  @Test
  void a_full_queue_is_a_rate_limit() throws Exception {
    connect(options().queue(1, 1), "any");
    generator.held = true;
    var running = generateLater("{\"prompt\": \"first\"}");
    await(generator.begun);
    var waiting = generateLater("{\"prompt\": \"second\"}");
    until(() -> waiting() == 1);
    OpenAIServiceException full = refused(RateLimitException.class, fox());
    assertThat(full.code()).contains("queue_full");
    assertThat(full.headers().values("Retry-After")).isNotEmpty();
    generator.held = false;
    assertThat(running.join().statusCode()).isEqualTo(200);
    assertThat(waiting.join().statusCode()).isEqualTo(200);
  }

  @Test
  void a_wrong_key_is_refused() {
    connect(options().apiKey("secret"), "wrong");
    refused(UnauthorizedException.class, fox());
    assertThatThrownBy(() -> client.models().list()).isInstanceOf(UnauthorizedException.class);
    assertThat(get("metrics").statusCode()).isEqualTo(401);
    assertThat(get("metrics", "Authorization", "Bearer secret").statusCode()).isEqualTo(200);
    assertThat(get("health").statusCode()).isEqualTo(200);
    assertThat(generator.requests).isEmpty();
  }

  private <T extends OpenAIServiceException> T refused(
      Class<T> kind, ImageGenerateParams.Builder request) {
    T failure = catchThrowableOfType(kind, () -> client.images().generate(request.build()));
    assertThat(failure).isNotNull();
    return failure;
  }
}
