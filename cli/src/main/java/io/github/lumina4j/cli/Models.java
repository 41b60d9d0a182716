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
 * recipe, the cache of pulled models or the demo model, and from {@code --image-tokenizer} or the
 * checkpoint folder.
 */
final class Models {
  /** The variable that names a checkpoint folder. */
  static final String VARIABLE = "LUMINA_MODEL";

  /** What stands for the demo model in the place of a folder. */
  static final String DEMO = "demo";

  private final Environment environment;
  private final Consumer<String> note;
  private final PulledModels pulled;

  /** {@code note} tells the user what is going on. */
  Models(Environment environment, Consumer<String> note) {
    this.environment = environment;
    this.note = note;
    pulled = new PulledModels(environment);
  }

  /**
   * The checkpoint folder; that of the demo model if none is given.
   *
   * @throws IllegalArgumentException if there is no such recipe
   * @throws CheckpointException if there is no checkpoint
   */
  CheckpointFolder checkpoint(ModelOptions options) {
    String text = named(options);
    if (text.isBlank()) {
      note.accept("using the demo model; --model DIR for another");
      return checkpoint(DEMO);
    }
    return checkpoint(text);
  }

  /** Whether the options stand for the demo model. */
  boolean demo(ModelOptions options) {
    return named(options).isBlank() || named(options).equals(DEMO);
  }

  private String named(ModelOptions options) {
    return options.model() != null ? options.model() : environment.variable(VARIABLE);
  }

  /** The checkpoint folder that a text stands for; see {@link #path}. */
  CheckpointFolder checkpoint(String text) {
    Path folder = path(text);
    if (!Files.exists(folder)) {
      pulled.require(text);
    }
    return new CheckpointFolder(folder);
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
        .kvCache(quantize.kvCache())
        .imagePrecision(imageDtype)
        .device(options.device())
        .threads(options.threads())
        .build();
  }

  /** A pipeline that only turns pictures into codes and back. */
  PipelineOptions picturesOnly(ModelOptions options, Precision imageDtype) {
    Optional<CheckpointFolder> folder =
        options.imageTokenizer() == null ? Optional.of(checkpoint(options)) : Optional.empty();
    return PipelineOptions.imageTokenizerOnly(imageTokenizer(options, folder))
        .imagePrecision(imageDtype)
        .device(options.device())
        .threads(options.threads())
        .build();
  }

  /** A folder or file as given, or the folder of the demo model, a recipe or a pulled model. */
  Path path(String text) {
    if (text.equals(DEMO)) {
      return environment.backend().demoModel(CacheFolder.of(environment.variables()));
    }
    return RecipeModels.preset(text)
        .map(new RecipeModels(environment, note)::folder)
        .or(() -> pulled.folder(text))
        .orElseGet(() -> Path.of(text));
  }

  /** The image tokenizer that the options name, as a file or as that of a pulled model. */
  Optional<Path> namedImageTokenizer(ModelOptions options) {
    return Optional.ofNullable(options.imageTokenizer())
        .map(
            given ->
                Files.exists(given)
                    ? given
                    : pulled.imageTokenizer(given.toString()).orElse(given));
  }

  private Path imageTokenizer(ModelOptions options, Optional<CheckpointFolder> folder) {
    Optional<Path> named = namedImageTokenizer(options);
    if (named.isEmpty()) {
      return folder
          .flatMap(CheckpointFolder::imageTokenizer)
          .orElseThrow(
              () ->
                  new CheckpointException(
                      folder.map(CheckpointFolder::path).orElseThrow()
                          + ": no image tokenizer (movqgan*.safetensors or movqgan*.ckpt) in it;"
                          + " name one by --image-tokenizer FILE"));
    }
    Path file = named.get();
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          file + ": " + (Files.exists(file) ? "not a file" : "no such file"));
    }
    return file;
  }
}
