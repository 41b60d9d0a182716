package io.github.lumina4j.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lumina4j.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A checkpoint in the released layout: where its parts lie. */
public record CheckpointFolder(Path path) {
  private static final int RELEASED_OFFSET = 155000;

  /** Where releases and tools put the image tokenizer, relative to the checkpoint. */
  private static final List<String> IMAGE_TOKENIZER_PLACES =
      List.of("", "movqgan", "movqgan/270M", "../movqgan/270M");

  /**
   * The folder, which must hold a config.json.
   *
   * @throws CheckpointException if it does not, or is recognised as another model; it says which
   */
  public CheckpointFolder {
    if (Files.isRegularFile(path)) {
      OtherModels.refuseFile(path);
    }
    if (!Files.isDirectory(path)) {
      throw new CheckpointException(
          path + ": " + (Files.exists(path) ? "not a folder" : "no such folder"));
    }
    Path config = path.resolve("config.json");
    if (Files.isSymbolicLink(config) && !Files.exists(config)) {
      throw new CheckpointException(
          config + ": " + ForeignFile.describe(config).orElse("is a link that leads nowhere"));
    }
    OtherModels.refuse(path);
    if (!Files.isRegularFile(config)) {
      throw new CheckpointException(path + ": no config.json, so not a checkpoint folder");
    }
  }

  /**
   * The image tokenizer that lies with the checkpoint: a file whose name begins with {@code
   * movqgan} and ends in {@code .safetensors} or {@code .ckpt}.
   */
  public Optional<Path> imageTokenizer() {
    return imageTokenizers(path).stream().findFirst();
  }

  /** The image tokenizers in the first of their usual places below {@code root} that has any. */
  public static List<Path> imageTokenizers(Path root) {
    for (String place : IMAGE_TOKENIZER_PLACES) {
      Path folder = root.resolve(place).normalize();
      if (!Files.isDirectory(folder)) {
        continue;
      }
      try (Stream<Path> files = Files.list(folder)) {
        List<Path> found =
            files.filter(CheckpointFolder::looksLikeImageTokenizer).sorted().toList();
        if (!found.isEmpty()) {
          return found;
        }
      } catch (IOException e) {
        throw new CheckpointException(folder + ": cannot be listed: " + e.getMessage(), e);
      }
    }
    return List.of();
  }

  /** Id of the first image code: the released 155000 unless config.json says otherwise. */
  public int imageTokenOffset() {
    int offset = ConfigFile.read(path.resolve("config.json")).imageTokenOffset();
    return offset < 0 ? RELEASED_OFFSET : offset;
  }

  /** The same of a config.json that was read already. */
  public static int imageTokenOffset(JsonNode config) {
    return config.path("image_token_offset").asInt(RELEASED_OFFSET);
  }

  /**
   * What this model draws best with.
   *
   * @throws CheckpointException if its generation_config.json is unusable
   */
  public GenerationDefaults generationDefaults() {
    return GenerationDefaults.read(path);
  }

  private static boolean looksLikeImageTokenizer(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith("movqgan")
        && (name.endsWith(".safetensors") || name.endsWith(".ckpt"))
        // A link to what is not there is opened, so that the trouble gets its name.
        && (Files.isRegularFile(file) || Files.isSymbolicLink(file) && !Files.exists(file));
  }
}
