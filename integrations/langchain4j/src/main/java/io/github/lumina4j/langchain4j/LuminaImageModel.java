package io.github.lumina4j.langchain4j;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.model.image.ImageModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import io.github.lumina4j.DecodingOptions;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.GenerationStats;
import io.github.lumina4j.Generator;
import io.github.lumina4j.ImageSize;
import io.github.lumina4j.LuminaPipeline;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.Task;
import io.github.lumina4j.Tasks;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.image.ImageFormat;
import io.github.lumina4j.image.WriteOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Draws for LangChain4j, in this process. Pictures come as PNG in base64; the metadata of a
 * response has the seeds that made them, under {@link #SEEDS}.
 *
 * <p>What the builder is not told is up to the model. May be called from any thread; pictures are
 * drawn one after the other. Failures are those of {@link LuminaPipeline#generate}.
 */
public final class LuminaImageModel implements ImageModel, AutoCloseable {
  /** The key of the metadata that holds the seeds of the pictures, a list of {@link Long}. */
  public static final String SEEDS = "seeds";

  private static final String PNG = "image/png";

  // Short enough to read out, exact in every JSON reader.
  private static final long RANDOM_SEEDS = 1L << 32;

  private static final Task GENERATE = Tasks.byName("t2i");
  private static final Task EDIT = Tasks.byName("edit");

  private final Generator generator;
  private final Optional<LuminaPipeline> own;
  private final Settings settings;

  /** What the builder was told; the rest, which is null, is left open. */
  private record Settings(
      ImageSize size,
      Double guidanceScale,
      Integer topK,
      Double temperature,
      Long seed,
      DecodingOptions decoding) {

    GenerationRequest.Builder request(Task task, String prompt) {
      GenerationRequest.Builder request = GenerationRequest.builder(prompt).task(task);
      if (size != null) {
        request.size(task.wholeSize(size));
      }
      if (guidanceScale != null) {
        request.guidanceScale(guidanceScale);
      }
      if (topK != null) {
        request.imageTopK(topK);
      }
      if (temperature != null) {
        request.temperature(temperature);
      }
      long first = seed != null ? seed : ThreadLocalRandom.current().nextLong(RANDOM_SEEDS);
      return request.seed(first).decoding(decoding);
    }
  }

  private LuminaImageModel(Settings settings, Generator generator, Optional<LuminaPipeline> own) {
    this.settings = settings;
    this.generator = generator;
    this.own = own;
  }

  /** Begins a model. */
  public static Builder builder() {
    return new Builder();
  }

  /** A picture of what {@code prompt} says. */
  @Override
  public Response<Image> generate(String prompt) {
    return single(draw(settings.request(GENERATE, prompt), 1));
  }

  /** Several different pictures, with the seeds seed, seed + 1, ... */
  @Override
  public Response<List<Image>> generate(String prompt, int n) {
    return draw(settings.request(GENERATE, prompt), n);
  }

  /**
   * The picture as {@code prompt} wants it changed. Of the given picture the base64 data count, or
   * a {@code data:} address.
   *
   * @throws IllegalArgumentException if the picture is to be fetched from elsewhere, or cannot be
   *     read
   */
  @Override
  public Response<Image> edit(Image image, String prompt) {
    return single(draw(settings.request(EDIT, prompt).image(GivenImage.read(image)), 1));
  }

  private Response<List<Image>> draw(GenerationRequest.Builder builder, int count) {
    if (count < 1) {
      throw new IllegalArgumentException("the number of pictures must be 1 or more, not " + count);
    }
    GenerationRequest first = builder.build();
    List<Image> images = new ArrayList<>();
    List<Long> seeds = new ArrayList<>();
    TokenUsage usage = new TokenUsage();
    for (GenerationResult result : generator.generateAll(first, count)) {
      images.add(image(result));
      seeds.add(result.request().sampling().seed());
      GenerationStats stats = result.stats();
      usage =
          usage.add(
              new TokenUsage(
                  Math.toIntExact(stats.promptTokens()), Math.toIntExact(stats.generatedTokens())));
    }
    return Response.from(images, usage, FinishReason.STOP, Map.of(SEEDS, List.copyOf(seeds)));
  }

  private static Image image(GenerationResult result) {
    byte[] png = ImageFiles.encode(result.mainImage(), ImageFormat.PNG, WriteOptions.DEFAULT);
    return Image.builder()
        .base64Data(Base64.getEncoder().encodeToString(png))
        .mimeType(PNG)
        .build();
  }

  private static Response<Image> single(Response<List<Image>> response) {
    return Response.from(
        response.content().get(0),
        response.tokenUsage(),
        response.finishReason(),
        response.metadata());
  }

  /** Closes the pipeline, if the model opened it; one that was given stays open. */
  @Override
  public void close() {
    own.ifPresent(LuminaPipeline::close);
  }

  /** Collects what a model draws with. */
  public static final class Builder {
    private Generator pipeline;
    private PipelineOptions options;
    private ImageSize size;
    private Double guidanceScale;
    private Integer topK;
    private Double temperature;
    private Long seed;
    private DecodingOptions decoding = DecodingOptions.SEQUENTIAL;

    private Builder() {}

    /** A {@link LuminaPipeline}, which stays the caller's to close, or what stands for one. */
    public Builder pipeline(Generator pipeline) {
      this.pipeline = Objects.requireNonNull(pipeline, "pipeline");
      return this;
    }

    /** The checkpoint folder of a pipeline that the model opens, and closes when it is closed. */
    public Builder model(Path folder) {
      return pipelineOptions(PipelineOptions.builder(folder).build());
    }

    /** The same with all that can be said about a pipeline. */
    public Builder pipelineOptions(PipelineOptions options) {
      this.options = Objects.requireNonNull(options, "options");
      return this;
    }

    /** Of the pictures that come back, in pixels: multiples of 32. */
    public Builder size(int width, int height) {
      size = new ImageSize(width, height);
      return this;
    }

    /** Strength of classifier-free guidance, at least 0. */
    public Builder guidanceScale(double guidanceScale) {
      this.guidanceScale = guidanceScale;
      return this;
    }

    /** How many of the most likely codes may be chosen, at least 1. */
    public Builder topK(int topK) {
      this.topK = topK;
      return this;
    }

    /** Above 0. */
    public Builder temperature(double temperature) {
      this.temperature = temperature;
      return this;
    }

    /**
     * Of the first picture of each call, so that the same call draws the same; random if not set.
     */
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /** How many codes a pass decides, such as {@link DecodingOptions#SPECULATIVE}. */
    public Builder decoding(DecodingOptions decoding) {
      this.decoding = Objects.requireNonNull(decoding, "decoding");
      return this;
    }

    /**
     * Checks the settings, and loads the model unless a pipeline was given.
     *
     * @throws IllegalArgumentException if a setting is out of its range, or there is not one
     *     pipeline or one model
     * @throws io.github.lumina4j.LuminaException if the model cannot be loaded
     */
    public LuminaImageModel build() {
      if ((pipeline == null) == (options == null)) {
        throw new IllegalArgumentException(
            pipeline == null
                ? "a pipeline or a model folder is needed"
                : "a pipeline and a model folder are given: one of them is needed");
      }
      Settings settings = new Settings(size, guidanceScale, topK, temperature, seed, decoding);
      // What is out of its range is told here, before anything large is loaded.
      settings.request(GENERATE, "a prompt").build();
      if (pipeline != null) {
        return new LuminaImageModel(settings, pipeline, Optional.empty());
      }
      LuminaPipeline opened = LuminaPipeline.open(options);
      return new LuminaImageModel(settings, opened, Optional.of(opened));
    }
  }
}
