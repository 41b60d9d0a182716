package io.github.lumina4j.springai;

import io.github.lumina4j.DecodingOptions;
import io.github.lumina4j.GenerationRequest;
import org.springframework.ai.image.ImageOptions;

/**
 * What can be said about a picture beside the prompt; null is up to the options that these
 * override, and in the end to the model.
 *
 * @param n how many pictures, at least 1; one if not set
 * @param model its name, for applications that talk to several; there is only one to draw with
 * @param width in pixels, a multiple of 32; together with {@code height}
 * @param height in pixels, a multiple of 32
 * @param guidanceScale strength of classifier-free guidance, at least 0
 * @param topK how many of the most likely codes may be chosen, at least 1
 * @param temperature above 0
 * @param seed of the first picture; random if not set
 * @param decoding how many codes a pass decides, such as {@link DecodingOptions#SPECULATIVE}
 */
public record LuminaImageOptions(
    Integer n,
    String model,
    Integer width,
    Integer height,
    Double guidanceScale,
    Integer topK,
    Double temperature,
    Long seed,
    DecodingOptions decoding)
    implements ImageOptions {

  /** Everything is left open. */
  public static final LuminaImageOptions NONE = builder().build();

  private static final String BASE64 = "b64_json";

  /** Begins options. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public Integer getN() {
    return n;
  }

  @Override
  public String getModel() {
    return model;
  }

  @Override
  public Integer getWidth() {
    return width;
  }

  @Override
  public Integer getHeight() {
    return height;
  }

  /** Always base64: there is no address that a picture could be fetched from. */
  @Override
  public String getResponseFormat() {
    return BASE64;
  }

  /** None: a style is part of the prompt. */
  @Override
  public String getStyle() {
    return null;
  }

  /**
   * These options, but what {@code asked}, which may be null or of another kind, says goes first. A
   * style has no effect, as with other models that do not know any.
   *
   * @throws IllegalArgumentException if the answer is asked for in another form than base64, or
   *     another model than this one
   */
  LuminaImageOptions overriddenBy(ImageOptions asked) {
    if (asked == null) {
      return this;
    }
    String format = asked.getResponseFormat();
    if (format != null && !format.equals(BASE64)) {
      throw new IllegalArgumentException(
          "response format '" + format + "' cannot be served: pictures come as " + BASE64);
    }
    if (asked.getModel() != null && model != null && !asked.getModel().equals(model)) {
      throw new IllegalArgumentException(
          "model '" + asked.getModel() + "' is not loaded; it is '" + model + "'");
    }
    LuminaImageOptions own = asked instanceof LuminaImageOptions lumina ? lumina : NONE;
    return new LuminaImageOptions(
        first(asked.getN(), n),
        first(asked.getModel(), model),
        first(asked.getWidth(), width),
        first(asked.getHeight(), height),
        first(own.guidanceScale, guidanceScale),
        first(own.topK, topK),
        first(own.temperature, temperature),
        first(own.seed, seed),
        first(own.decoding, decoding));
  }

  private static <T> T first(T asked, T otherwise) {
    return asked != null ? asked : otherwise;
  }

  /**
   * Hands on what is set, but for the number of pictures.
   *
   * @throws IllegalArgumentException if something is out of its range, or one side is missing
   */
  void apply(GenerationRequest.Builder request) {
    if ((width == null) != (height == null)) {
      throw new IllegalArgumentException("width and height belong together");
    }
    if (width != null) {
      request.size(width, height);
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
    if (seed != null) {
      request.seed(seed);
    }
    if (decoding != null) {
      request.decoding(decoding);
    }
  }

  /** Collects options. */
  public static final class Builder {
    private Integer n;
    private String model;
    private Integer width;
    private Integer height;
    private Double guidanceScale;
    private Integer topK;
    private Double temperature;
    private Long seed;
    private DecodingOptions decoding;

    private Builder() {}

    public Builder n(Integer n) {
      this.n = n;
      return this;
    }

    public Builder model(String model) {
      this.model = model;
      return this;
    }

    public Builder width(Integer width) {
      this.width = width;
      return this;
    }

    public Builder height(Integer height) {
      this.height = height;
      return this;
    }

    public Builder guidanceScale(Double guidanceScale) {
      this.guidanceScale = guidanceScale;
      return this;
    }

    public Builder topK(Integer topK) {
      this.topK = topK;
      return this;
    }

    public Builder temperature(Double temperature) {
      this.temperature = temperature;
      return this;
    }

    public Builder seed(Long seed) {
      this.seed = seed;
      return this;
    }

    public Builder decoding(DecodingOptions decoding) {
      this.decoding = decoding;
      return this;
    }

    public LuminaImageOptions build() {
      return new LuminaImageOptions(
          n, model, width, height, guidanceScale, topK, temperature, seed, decoding);
    }
  }
}
