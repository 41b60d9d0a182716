package io.github.lumina4j;

import io.github.lumina4j.model.GenerationDefaults;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One picture to make.
 *
 * @param task what kind of picture; decides the sentence and the panels
 * @param prompt the user's words, without control tokens
 * @param description words for the given object, where the task asks for them
 * @param size of the whole picture, both panels included; multiples of 32, the height of a
 *     two-panel picture a multiple of 64
 * @param image the given picture, where the task needs one; cropped and scaled to one panel
 * @param sampling how tokens are chosen
 * @param decoding how many of them a pass may decide
 * @param allowPartial whether an unfinished picture is a result instead of an {@link
 *     IncompleteImageException}
 * @param open the settings that were not asked for: they hold the library's defaults until {@link
 *     #resolve} puts those of a model in their place
 */
public record GenerationRequest(
    Task task,
    String prompt,
    String description,
    ImageSize size,
    Optional<RgbImage> image,
    SamplingOptions sampling,
    DecodingOptions decoding,
    boolean allowPartial,
    Set<Setting> open) {

  /** What a model may have defaults of its own for. */
  public enum Setting {
    SIZE,
    GUIDANCE_SCALE,
    IMAGE_TOP_K,
    TEMPERATURE
  }

  public GenerationRequest {
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(size, "size");
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(sampling, "sampling");
    Objects.requireNonNull(decoding, "decoding");
    Objects.requireNonNull(open, "open");
    open = Set.copyOf(open);
    RequestRules.check(task, prompt, description, size, image.isPresent());
  }

  /** A request that leaves nothing open. */
  public GenerationRequest(
      Task task,
      String prompt,
      String description,
      ImageSize size,
      Optional<RgbImage> image,
      SamplingOptions sampling,
      DecodingOptions decoding,
      boolean allowPartial) {
    this(task, prompt, description, size, image, sampling, decoding, allowPartial, Set.of());
  }

  /** A text-to-image request; what is not set is up to the model. */
  public static Builder builder(String prompt) {
    return new Builder(prompt);
  }

  /** Rows of codes, 8 pixels each, that a given picture fills at the top; 0 without one. */
  public int rowsGiven() {
    return image.isEmpty() ? 0 : size.height() / ImageCodes.PIXELS / task.panels();
  }

  /** This request with another seed. */
  public GenerationRequest withSeed(long seed) {
    return new GenerationRequest(
        task,
        prompt,
        description,
        size,
        image,
        sampling.withSeed(seed),
        decoding,
        allowPartial,
        open);
  }

  /** This request, decoded that way. */
  public GenerationRequest withDecoding(DecodingOptions other) {
    Objects.requireNonNull(other, "other");
    return new GenerationRequest(
        task, prompt, description, size, image, sampling, other, allowPartial, open);
  }

  /**
   * This request with nothing open: what it left to the model is as {@code defaults} says, or the
   * library's where that says nothing. A size of the model's is that of one panel, so that a
   * two-panel picture is twice as high, whatever the shape of a given picture.
   */
  public GenerationRequest resolve(GenerationDefaults defaults) {
    Objects.requireNonNull(defaults, "defaults");
    SamplingOptions decided = sampling;
    if (open.contains(Setting.GUIDANCE_SCALE) && defaults.guidanceScale() != null) {
      decided = decided.withGuidanceScale(defaults.guidanceScale());
    }
    if (open.contains(Setting.IMAGE_TOP_K) && defaults.imageTopK() != null) {
      decided = decided.withImageTopK(defaults.imageTopK());
    }
    if (open.contains(Setting.TEMPERATURE) && defaults.temperature() != null) {
      decided = decided.withTemperature(defaults.temperature());
    }
    ImageSize whole =
        open.contains(Setting.SIZE) ? defaults.size(task.panels()).orElse(size) : size;
    return new GenerationRequest(
        task, prompt, description, whole, image, decided, decoding, allowPartial);
  }

  /** Collects a request. */
  public static final class Builder {
    private final String prompt;
    private Task task = Tasks.byName("t2i");
    private String description = "";
    private Optional<ImageSize> size = Optional.empty();
    private Optional<RgbImage> image = Optional.empty();
    private SamplingOptions sampling = SamplingOptions.DEFAULT;
    private DecodingOptions decoding = DecodingOptions.SEQUENTIAL;
    private boolean allowPartial;
    private final Set<Setting> open = EnumSet.allOf(Setting.class);

    private Builder(String prompt) {
      this.prompt = Objects.requireNonNull(prompt, "prompt");
    }

    public Builder task(Task task) {
      this.task = Objects.requireNonNull(task, "task");
      return this;
    }

    /** The built-in task of that name. */
    public Builder task(String name) {
      return task(Tasks.byName(Objects.requireNonNull(name, "name")));
    }

    public Builder description(String description) {
      this.description = Objects.requireNonNull(description, "description");
      return this;
    }

    /** Of the whole picture, both panels included. */
    public Builder size(ImageSize size) {
      Objects.requireNonNull(size, "size");
      open.remove(Setting.SIZE);
      this.size = Optional.of(size);
      return this;
    }

    public Builder size(int width, int height) {
      return size(new ImageSize(width, height));
    }

    public Builder image(RgbImage image) {
      this.image = Optional.of(Objects.requireNonNull(image, "image"));
      return this;
    }

    /** All of it: nothing about sampling is left to the model. */
    public Builder sampling(SamplingOptions sampling) {
      Objects.requireNonNull(sampling, "sampling");
      open.retainAll(Set.of(Setting.SIZE));
      this.sampling = sampling;
      return this;
    }

    public Builder guidanceScale(double scale) {
      open.remove(Setting.GUIDANCE_SCALE);
      this.sampling = sampling.withGuidanceScale(scale);
      return this;
    }

    public Builder guidanceSchedule(SamplingOptions.GuidanceSchedule schedule) {
      Objects.requireNonNull(schedule, "schedule");
      this.sampling = sampling.withGuidanceSchedule(schedule);
      return this;
    }

    public Builder imageTopK(int topK) {
      open.remove(Setting.IMAGE_TOP_K);
      this.sampling = sampling.withImageTopK(topK);
      return this;
    }

    public Builder textTopK(int topK) {
      this.sampling = sampling.withTextTopK(topK);
      return this;
    }

    public Builder temperature(double temperature) {
      open.remove(Setting.TEMPERATURE);
      this.sampling = sampling.withTemperature(temperature);
      return this;
    }

    public Builder mode(SamplingOptions.Mode mode) {
      Objects.requireNonNull(mode, "mode");
      this.sampling = sampling.withMode(mode);
      return this;
    }

    public Builder seed(long seed) {
      this.sampling = sampling.withSeed(seed);
      return this;
    }

    public Builder decoding(DecodingOptions decoding) {
      this.decoding = Objects.requireNonNull(decoding, "decoding");
      return this;
    }

    public Builder allowPartial(boolean allowPartial) {
      this.allowPartial = allowPartial;
      return this;
    }

    /**
     * Validates. Without a size of the model's, one that was not set follows from the task and the
     * given picture.
     */
    public GenerationRequest build() {
      return new GenerationRequest(
          task,
          prompt,
          description,
          size.orElseGet(() -> RequestRules.defaultSize(task, image)),
          image,
          sampling,
          decoding,
          allowPartial,
          open);
    }
  }
}
