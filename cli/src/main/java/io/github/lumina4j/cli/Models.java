package io.github.lumina4j.cli;

import io.github.lumina4j.Adapter;
import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.Precision;
import io.github.lumina4j.model.CheckpointFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds the files a command loads: from {@code --model}, the variable {@code LUMINA_MODEL} or a
 * recipe, and from {@code --image-tokenizer} or the checkpoint folder.
 */
final class Models {
  /** The variable that names a checkpoint folder. */
  static final String VARIABLE = "LUMINA_MODEL";

  private final Environment environment;
  private final RecipeModels recipes;

  /** {@code recipes} makes the checkpoints that {@code recipe:PRESET} stands for. */
  Models(Environment environment, RecipeModels recipes) {
    this.environment = environment;
    this.recipes = recipes;
  }

  /**
   * The checkpoint folder.
   *
   * @throws IllegalArgumentException if none is given
   * @throws CheckpointException if there is no checkpoint
   */
  CheckpointFolder checkpoint(ModelOptions options) {
    return folder(options)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no model given: name its folder by --model DIR or the variable "
                        + VARIABLE
                        + "; --model recipe:tiny tries the program without a download"));
  }

  /** A pipeline that draws pictures. */
  PipelineOptions drawing(
      ModelOptions options, List<Adapter> adapters, Precision dtype, Precision imageDtype) {
    CheckpointFolder folder = checkpoint(options);
    return PipelineOptions.builder(folder.path())
        .imageTokenizer(imageTokenizer(options, Optional.of(folder)))
        .adapters(adapters)
        .precision(dtype)
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

  /** A folder or file as given, or the folder of a recipe. */
  Path path(String text) {
    return RecipeModels.preset(text).map(recipes::folder).orElseGet(() -> Path.of(text));
  }

  private Optional<CheckpointFolder> folder(ModelOptions options) {
    String text = options.model() != null ? options.model() : environment.variable(VARIABLE);
    return text.isBlank() ? Optional.empty() : Optional.of(new CheckpointFolder(path(text)));
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
