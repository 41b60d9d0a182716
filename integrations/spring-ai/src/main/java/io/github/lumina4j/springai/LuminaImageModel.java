package io.github.lumina4j.springai;

import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.Generator;
import io.github.lumina4j.ImageSize;
import io.github.lumina4j.LuminaPipeline;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.image.ImageFormat;
import io.github.lumina4j.image.WriteOptions;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.ai.image.Image;
import org.springframework.ai.image.ImageGeneration;
import org.springframework.ai.image.ImageMessage;
import org.springframework.ai.image.ImageModel;
import org.springframework.ai.image.ImagePrompt;
import org.springframework.ai.image.ImageResponse;
import org.springframework.ai.image.observation.DefaultImageModelObservationConvention;
import org.springframework.ai.image.observation.ImageModelObservationContext;
import org.springframework.ai.image.observation.ImageModelObservationConvention;
import org.springframework.ai.image.observation.ImageModelObservationDocumentation;

/**
 * Draws for Spring AI, in this process. Pictures come as PNG in base64, each with {@link
 * LuminaImageMetadata}. Of options that are no {@link LuminaImageOptions} number, size and model
 * count.
 *
 * <p>May be called from any thread; pictures are drawn one after the other. Failures are those of
 * {@link LuminaPipeline#generate}.
 */
public final class LuminaImageModel implements ImageModel {
  /** What observations call the provider, and {@code spring.ai.model.image} this model. */
  public static final String PROVIDER = "lumina4j";

  private static final ImageModelObservationConvention USUAL_CONVENTION =
      new DefaultImageModelObservationConvention();

  // Short enough to read out, exact in every JSON reader.
  private static final long RANDOM_SEEDS = 1L << 32;

  private final Generator generator;
  private final LuminaImageOptions defaults;
  private final ObservationRegistry observations;
  private final ImageModelObservationConvention convention;

  /**
   * A model that nobody observes.
   *
   * @param generator a {@link LuminaPipeline}, which stays the caller's to close, or what stands
   *     for one
   * @param defaults for what a prompt's options leave open
   */
  public LuminaImageModel(Generator generator, LuminaImageOptions defaults) {
    this(generator, defaults, ObservationRegistry.NOOP, USUAL_CONVENTION);
  }

  /** A model whose calls are observed. */
  public LuminaImageModel(
      Generator generator,
      LuminaImageOptions defaults,
      ObservationRegistry observations,
      ImageModelObservationConvention convention) {
    this.generator = Objects.requireNonNull(generator, "generator");
    this.defaults = Objects.requireNonNull(defaults, "defaults");
    this.observations = Objects.requireNonNull(observations, "observations");
    this.convention = Objects.requireNonNull(convention, "convention");
    // What is out of its range is told here and not by the first prompt.
    request("a prompt", defaults);
  }

  /**
   * Draws the pictures; several have the seeds seed, seed + 1, ...
   *
   * @throws IllegalArgumentException if the prompt or its options cannot be served
   */
  @Override
  public ImageResponse call(ImagePrompt prompt) {
    LuminaImageOptions options = defaults.overriddenBy(prompt.getOptions());
    GenerationRequest first = request(words(prompt), options);
    int count = options.n() == null ? 1 : options.n();
    ImageModelObservationContext context =
        ImageModelObservationContext.builder()
            .imagePrompt(new ImagePrompt(prompt.getInstructions(), options))
            .provider(PROVIDER)
            .build();
    return ImageModelObservationDocumentation.IMAGE_MODEL_OPERATION
        .observation(convention, USUAL_CONVENTION, () -> context, observations)
        .observe(
            () -> {
              ImageResponse response = draw(first, count);
              context.setResponse(response);
              return response;
            });
  }

  private static String words(ImagePrompt prompt) {
    List<ImageMessage> messages = prompt.getInstructions();
    if (messages.size() != 1) {
      throw new IllegalArgumentException(
          "a prompt has one message here, not " + messages.size() + ": weights have no effect");
    }
    return Objects.requireNonNull(messages.get(0).getText(), "the text of the prompt");
  }

  private static GenerationRequest request(String words, LuminaImageOptions options) {
    if (options.n() != null && options.n() < 1) {
      throw new IllegalArgumentException(
          "the number of pictures must be 1 or more, not " + options.n());
    }
    GenerationRequest.Builder request =
        GenerationRequest.builder(words).seed(ThreadLocalRandom.current().nextLong(RANDOM_SEEDS));
    options.apply(request);
    return request.build();
  }

  private ImageResponse draw(GenerationRequest first, int count) {
    List<ImageGeneration> pictures = new ArrayList<>();
    for (GenerationResult result : generator.generateAll(first, count)) {
      pictures.add(picture(result, result.request().sampling().seed()));
    }
    return new ImageResponse(pictures);
  }

  private static ImageGeneration picture(GenerationResult result, long seed) {
    RgbImage image = result.mainImage();
    byte[] png = ImageFiles.encode(image, ImageFormat.PNG, WriteOptions.DEFAULT);
    return new ImageGeneration(
        new Image(null, Base64.getEncoder().encodeToString(png)),
        new LuminaImageMetadata(
            seed, new ImageSize(image.width(), image.height()), result.stats()));
  }
}
