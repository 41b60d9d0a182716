package io.github.lumina4j.cli;

import io.github.lumina4j.Adapter;
import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.Precision;
import io.github.lumina4j.model.CacheFolder;
import io.github.lumina4j.model.CheckpointFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds the files a command loads: from {@code --model}, the variable {@code LUMINA_MODEL}, a
 * recipe or the demo model, and from {@code --image-tokenizer} or the checkpoint folder.
 */
final class Models {
  /** The variable that names a checkpoint folder. */
  static final String VARIABLE = "LUMINA_MODEL";

  /** What stands for the demo model in the place of a folder. */
  static final String DEMO = "demo";

  private final Environment environment;
  private final Consumer<String> note;

  /** {@code note} tells the user what is going on. */
  Models(Environment environment, Consumer<String> note) {
    this.environment = environment;
    this.note = note;
  }

  /**
   * The checkpoint folder; that of the demo model if none is given.
   *
   * @throws IllegalArgumentException if there is no such recipe
   * @throws CheckpointException if there is no checkpoint
   */
  CheckpointFolder checkpoint(ModelOptions options) {
    String text = options.model() != null ? options.model() : environment.variable(VARIABLE);
    if (text.isBlank()) {
      note.accept("using the demo model; --model DIR for another");
      return new CheckpointFolder(path(DEMO));
    }
    return new CheckpointFolder(path(text));
  }

  /** A pipeline that draws pictures. */
  PipelineOptions drawing(
      ModelOptions options,
      List<Adapter> adapters,
      Precision dtype,
      QuantizeOptions quantize,
      Precision imageDtype) {
    CheckpointFolder folder = checkpoint(options);
    return PipelineOptions.builder(folder.path())
        .imageTokenizer(imageTokenizer(options, Optional.of(folder)))
        .adapters(adapters)
        .precision(dtype)
        .quantization(quantize.quantization())
        .activations(quantize.activations())
        .imagePrecision(imageDtype)
        .threads(options.threads())
        .build();
  }

  /** A pipeline that only turns pictures into codes and back. */
  PipelineOptions picturesOnly(ModelOptions options, Precision imageDtype) {
    Optional<CheckpointFolder> folder =
        options.imageTokenizer() == null ? Optional.of(checkpoint(options)) : Optional.empty();
    return PipelineOptions.imageTokenizerOnly(imageTokenizer(options, folder))
        .imagePrecision(imageDtype)
        .threads(options.threads())
        .build();
  }

  /** A folder or file as given, or the folder of the demo model or a recipe. */
  Path path(String text) {
    if (text.equals(DEMO)) {
      return environment.backend().demoModel(CacheFolder.of(environment.variables()));
    }
    return RecipeModels.preset(text)
        .map(new RecipeModels(environment, note)::folder)
        .orElseGet(() -> Path.of(text));
  }

  private static Path imageTokenizer(ModelOptions options, Optional<CheckpointFolder> folder) {
    Path given = options.imageTokenizer();
    if (given == null) {
      return folder
          .flatMap(CheckpointFolder::imageTokenizer)
          .orElseThrow(
              () ->
                  new CheckpointException(
                      folder.map(CheckpointFolder::path).orElseThrow()
                          + ": no image tokenizer (movqgan*.safetensors or movqgan*.ckpt) in it;"
                          + " name one by --image-tokenizer FILE"));
    }
    if (!Files.isRegularFile(given)) {
      throw new CheckpointException(
          given + ": " + (Files.exists(given) ? "not a file" : "no such file"));
    }
    return given;
  }
}
