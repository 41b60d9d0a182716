package io.github.lumina4j;

import java.util.Objects;
import java.util.Optional;

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
 * @param allowPartial whether an unfinished picture is a result instead of an {@link
 *     IncompleteImageException}
 */
public record GenerationRequest(
    Task task,
    String prompt,
    String description,
    ImageSize size,
    Optional<RgbImage> image,
    SamplingOptions sampling,
    boolean allowPartial) {

  public GenerationRequest {
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(size, "size");
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(sampling, "sampling");
    RequestRules.check(task, prompt, description, size, image.isPresent());
  }

  /** A text-to-image request, 768x768 and defaults. */
  public static Builder builder(String prompt) {
    return new Builder(prompt);
  }

  /** This request with another seed. */
  public GenerationRequest withSeed(long seed) {
    return new GenerationRequest(
        task, prompt, description, size, image, sampling.withSeed(seed), allowPartial);
  }

  /** Collects a request. */
  public static final class Builder {
    private final String prompt;
    private Task task = Tasks.byName("t2i");
    private String description = "";
    private Optional<ImageSize> size = Optional.empty();
    private Optional<RgbImage> image = Optional.empty();
    private SamplingOptions sampling = SamplingOptions.DEFAULT;
    private boolean allowPartial;

    private Builder(String prompt) {
      this.prompt = prompt;
    }

    public Builder task(Task task) {
      this.task = task;
      return this;
    }

    /** The built-in task of that name. */
    public Builder task(String name) {
      return task(Tasks.byName(name));
    }

    public Builder description(String description) {
      this.description = description;
      return this;
    }

    /** Of the whole picture, both panels included. */
    public Builder size(ImageSize size) {
      this.size = Optional.of(size);
      return this;
    }

    public Builder size(int width, int height) {
      return size(new ImageSize(width, height));
    }

    public Builder image(RgbImage image) {
      this.image = Optional.of(image);
      return this;
    }

    public Builder sampling(SamplingOptions sampling) {
      this.sampling = sampling;
      return this;
    }

    public Builder seed(long seed) {
      this.sampling = sampling.withSeed(seed);
      return this;
    }

    public Builder allowPartial(boolean allowPartial) {
      this.allowPartial = allowPartial;
      return this;
    }

    /** Validates; a size that was not set follows from the task and the given picture. */
    public GenerationRequest build() {
      return new GenerationRequest(
          task,
          prompt,
          description,
          size.orElseGet(() -> RequestRules.defaultSize(task, image)),
          image,
          sampling,
          allowPartial);
    }
  }
}
