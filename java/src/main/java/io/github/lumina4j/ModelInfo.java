package io.github.lumina4j;

import io.github.lumina4j.internal.Json;
import io.github.lumina4j.internal.Natives;
import io.github.lumina4j.model.CheckpointFolder;
import io.github.lumina4j.model.GenerationDefaults;
import io.github.lumina4j.model.OtherModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a checkpoint is and the memory it needs.
 *
 * @param path the folder or file that was looked at
 * @param transformer null if there is none
 * @param imageTokenizer null if there is none
 * @param memory what each way of running it needs, estimated from the sizes
 * @param defaults what the model draws best with; null if it does not say
 */
public record ModelInfo(
    String path,
    Transformer transformer,
    ImageTokenizer imageTokenizer,
    List<Memory> memory,
    GenerationDefaults defaults) {

  /**
   * The decoder-only transformer.
   *
   * @param maxPositions the longest sequence of tokens that the model was made for; a prompt must
   *     be shorter
   * @param storedDtype number format in the files of the weights that are used
   * @param quantization of its matrices in the files, or of those of an open pipeline; null if
   *     there is none
   * @param activations what quantised matrices multiply in an open pipeline; null otherwise
   * @param weightBytes size of the weights that are used
   * @param files number of weight files
   * @param configNotes keys of config.json that nothing is computed from; of an open pipeline empty
   * @param unusedTensors names in the files that the model has no use for; of an open pipeline
   *     empty
   */
  public record Transformer(
      int layers,
      int hiddenSize,
      int intermediateSize,
      int heads,
      int kvHeads,
      int vocabSize,
      int maxPositions,
      long parameters,
      String storedDtype,
      String quantization,
      String activations,
      long weightBytes,
      int files,
      int imageTokenOffset,
      int imageCodebookSize,
      List<ConfigNote> configNotes,
      List<String> unusedTensors) {
    public Transformer {
      configNotes = configNotes == null ? List.of() : List.copyOf(configNotes);
      unusedTensors = unusedTensors == null ? List.of() : List.copyOf(unusedTensors);
    }
  }

  /**
   * A key of config.json that was passed over.
   *
   * @param remark why that is right
   */
  public record ConfigNote(String key, String remark) {}

  /**
   * The image tokenizer (MoVQGAN).
   *
   * @param name of the published size, or "custom"
   * @param channels base width
   */
  public record ImageTokenizer(
      String file,
      String name,
      int channels,
      int codebookSize,
      long parameters,
      String storedDtype,
      long weightBytes) {}

  /**
   * Bytes one way of running needs.
   *
   * @param size picture, as 768x768
   * @param precision of the transformer
   * @param weights transformer and image tokenizer
   * @param cache keys and values of both rows
   * @param imageDecode working memory of the picture decoder
   * @param total the largest sum at any one time
   */
  public record Memory(
      String size, String precision, long weights, long cache, long imageDecode, long total) {}

  /**
   * Looks at a checkpoint folder or an image tokenizer file without loading it.
   *
   * @throws CheckpointException if it is missing, damaged or of another model
   */
  public static ModelInfo inspect(Path path) {
    Objects.requireNonNull(path, "path");
    if (!Files.isDirectory(path)) {
      OtherModels.refuseFile(path);
      return parse(Natives.inspect(path, Optional.empty()), GenerationDefaults.NONE);
    }
    CheckpointFolder folder = new CheckpointFolder(path);
    return parse(Natives.inspect(path, folder.imageTokenizer()), folder.generationDefaults());
  }

  /** The engine's answer, which knows nothing of {@code defaults}. */
  static ModelInfo parse(String json, GenerationDefaults defaults) {
    ModelInfo info = Json.read(json, ModelInfo.class);
    return new ModelInfo(
        info.path(),
        info.transformer(),
        info.imageTokenizer(),
        info.memory(),
        defaults.equals(GenerationDefaults.NONE) ? null : defaults);
  }
}
