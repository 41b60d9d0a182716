package io.github.lumina4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * A picture that is edited step by step: each instruction is applied to what the one before it
 * made. Panels stay out of sight: a picture goes in, a picture of the same shape comes out. All
 * turns have the size of the first.
 *
 * <p>The seed of a turn is the first seed plus the number of turns made before it; a turn that was
 * taken back counts, so that the same words then give another picture. Not thread-safe.
 */
public final class EditSession {
  /**
   * One instruction and what became of it.
   *
   * @param number of the turn, from 1; no two turns of a session have the same
   * @param before the picture that was edited
   * @param result its request tells seed and settings
   */
  public record Turn(int number, String instruction, RgbImage before, GenerationResult result) {
    public Turn {
      Objects.requireNonNull(instruction, "instruction");
      Objects.requireNonNull(before, "before");
      Objects.requireNonNull(result, "result");
    }

    /** The edited picture. */
    public RgbImage after() {
      return result.mainImage();
    }
  }

  private final Generator generator;
  private final RgbImage original;
  private final Function<String, GenerationRequest.Builder> settings;
  private final List<Turn> turns = new ArrayList<>();
  private Optional<ImageSize> size = Optional.empty();
  private int made;

  private EditSession(
      Generator generator,
      RgbImage original,
      Function<String, GenerationRequest.Builder> settings) {
    this.generator = Objects.requireNonNull(generator, "generator");
    this.original = Objects.requireNonNull(original, "picture");
    this.settings = Objects.requireNonNull(settings, "settings");
  }

  /** Begins with {@code picture}; the task {@code edit}, the model's own settings, first seed 0. */
  public static EditSession open(LuminaPipeline pipeline, RgbImage picture) {
    Objects.requireNonNull(pipeline, "pipeline");
    return open(pipeline, picture, words -> GenerationRequest.builder(words).task("edit"));
  }

  /**
   * Begins with {@code picture}.
   *
   * @param settings an instruction's task, seed and so on, for example {@code words ->
   *     GenerationRequest.builder(words).task("edit").seed(7)}; its seed is that of the first turn,
   *     and the session adds the picture
   */
  public static EditSession open(
      Generator generator, RgbImage picture, Function<String, GenerationRequest.Builder> settings) {
    return new EditSession(generator, picture, settings);
  }

  /** Edits the current picture. */
  public GenerationResult apply(String instruction) {
    return apply(instruction, null, null);
  }

  /**
   * Edits the current picture. After a failure the session is as before.
   *
   * @param listener hears about progress on this thread; may be null
   * @param cancellation stops the turn from any thread; may be null
   * @throws IllegalArgumentException if the instruction or the settings cannot be served
   * @throws IncompleteImageException if the model ended the picture early: half a picture is
   *     nothing to go on with
   */
  public GenerationResult apply(
      String instruction, ProgressListener listener, CancellationToken cancellation) {
    Objects.requireNonNull(instruction, "instruction");
    RgbImage before = current();
    GenerationRequest.Builder builder =
        settings.apply(instruction).image(before).allowPartial(false);
    size.ifPresent(builder::size);
    GenerationRequest request = builder.build();
    GenerationResult result =
        generator.generate(
            request.withSeed(request.sampling().seed() + made), listener, cancellation);
    size = Optional.of(result.request().size());
    made++;
    turns.add(new Turn(made, instruction, before, result));
    return result;
  }

  /** Takes the last turn back; empty if there is none. */
  public Optional<Turn> undo() {
    return turns.isEmpty() ? Optional.empty() : Optional.of(turns.remove(turns.size() - 1));
  }

  /** The turns that led to the current picture, in their order. */
  public List<Turn> history() {
    return List.copyOf(turns);
  }

  /** The picture as it is now. */
  public RgbImage current() {
    return turns.isEmpty() ? original : turns.get(turns.size() - 1).after();
  }
}
