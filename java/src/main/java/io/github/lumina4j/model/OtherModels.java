package io.github.lumina4j.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lumina4j.CheckpointException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Recognises models and adapters that are not Lumina-mGPT 2.0, so that a user hears what he has
 * rather than which file of ours it lacks. All commands ask here.
 */
public final class OtherModels {
  /** What every answer about another model ends with. */
  static final String ONLY = "; lumina runs Lumina-mGPT 2.0 only";

  private static final String ADAPTER =
      "this is an adapter: give it as --lora, beside the --model it belongs to";

  private static final int HEAD_BYTES = 1 << 18; // of a safetensors header

  private OtherModels() {}

  /**
   * Throws if {@code folder} holds another model; a folder that is not recognised passes.
   *
   * @throws CheckpointException that says what it is
   */
  static void refuse(Path folder) {
    describe(folder)
        .ifPresent(
            what -> {
              throw new CheckpointException(folder + ": " + what);
            });
  }

  private static Optional<String> describe(Path folder) {
    List<String> names = names(folder);
    if (Files.isRegularFile(folder.resolve("model_index.json"))) {
      String pipeline = text(folder.resolve("model_index.json"), "_class_name");
      return Optional.of(
          "this is a diffusers pipeline"
              + (pipeline.isEmpty() ? "" : " (" + pipeline + ")")
              + " (model_index.json)"
              + ONLY);
    }
    if (!Files.isRegularFile(folder.resolve("config.json"))) {
      return names.contains("adapter_config.json") ? Optional.of(ADAPTER) : ofNames(names);
    }
    ConfigFile config;
    try {
      config = ConfigFile.read(folder.resolve("config.json"));
    } catch (CheckpointException e) {
      return Optional.empty(); // told by whoever needs it
    }
    String classes =
        config.architectures().isEmpty() ? "" : " (" + config.architectures().get(0) + ")";
    if (config.className() != null) {
      return Optional.of(
          "this is a part of a diffusers pipeline (" + config.className() + ")" + ONLY);
    }
    if (config.modelType() != null && !config.modelType().equals("chameleon")) {
      return Optional.of("this is a " + config.modelType() + " model" + classes + ONLY);
    }
    if (config.architectures().contains("ChameleonForConditionalGeneration")
        && config.vocabSize() == 65536
        && config.imageTokenOffset() < 0) {
      return Optional.of("this is Meta's Chameleon" + classes + ONLY);
    }
    return Optional.empty();
  }

  /**
   * What a repository or a folder without a config.json is, by the names of its files; empty if
   * nothing is recognised.
   */
  public static Optional<String> ofNames(Collection<String> names) {
    if (names.contains("model_index.json")) {
      return Optional.of("this is a diffusers pipeline (model_index.json)" + ONLY);
    }
    if (names.contains("config.json")) {
      return Optional.empty();
    }
    for (String name : names) {
      if (name.endsWith(".gguf")) {
        return Optional.of(gguf(name));
      }
      if (name.startsWith("pytorch_lora_weights.")) {
        return Optional.of("this is a LoRA of diffusers (" + name + "), for other models" + ONLY);
      }
      if (name.startsWith("consolidated.") && name.endsWith(".pth")) {
        return Optional.of("these are weights in Meta's own layout (" + name + ")" + ONLY);
      }
    }
    return Optional.empty();
  }

  /**
   * Throws if {@code file} is a model of another program; a file that is not recognised passes.
   *
   * @throws CheckpointException that says what it is
   */
  public static void refuseFile(Path file) {
    String head = head(file);
    String what = null;
    if (head.startsWith("GGUF")) {
      what = gguf(file.getFileName().toString());
    } else if (isLora(head)) {
      what = lora(head);
    } else if (head.contains("\"model.diffusion_model.")) {
      what = "this is a Stable Diffusion checkpoint" + ONLY;
    } else if (head.contains("\"double_blocks.") || head.contains("\"transformer_blocks.")) {
      what = "this is a diffusion transformer (FLUX or a relative)" + ONLY;
    } else if (head.contains("\"base_model.model.")) {
      what = ADAPTER;
    }
    if (what != null) {
      throw new CheckpointException(file + ": " + what);
    }
  }

  /**
   * Throws if {@code path}, which exists, is an adapter for other models or none at all.
   *
   * @throws CheckpointException that says what it is
   */
  public static void refuseAdapter(Path path) {
    String what = null;
    if (Files.isDirectory(path)) {
      List<String> names = names(path);
      if (!names.contains("adapter_config.json")) {
        if (names.contains("config.json") || names.contains("model_index.json")) {
          what = "this is a model, not an adapter: give it as --model";
        } else {
          what =
              names.stream()
                  .filter(name -> name.startsWith("pytorch_lora_weights."))
                  .findFirst()
                  .map(
                      name ->
                          "this is a LoRA of diffusers (" + name + "), for other models" + peft())
                  .orElse(null);
        }
      }
    } else {
      String head = head(path);
      if (head.startsWith("GGUF")) {
        what = "this is a GGUF file" + peft();
      } else if (isLora(head)) {
        what = lora(head);
      }
    }
    if (what != null) {
      throw new CheckpointException(path + ": " + what);
    }
  }

  private static boolean isLora(String head) {
    return head.contains(".lora_down.weight\"")
        || head.contains(".lora_up.weight\"")
        || head.contains(".lora.down.weight\"")
        || head.contains(".lora.up.weight\"")
        || head.contains(".lora_linear_layer.")
        || ((head.contains(".lora_A.") || head.contains(".lora_B."))
            && (head.contains("\"unet.")
                || head.contains("\"transformer.")
                || head.contains("\"text_encoder")));
  }

  private static String lora(String head) {
    boolean kohya = head.contains("\"lora_unet_") || head.contains("\"lora_te");
    return "this is a LoRA in the format of "
        + (kohya ? "kohya's trainer" : "diffusers")
        + ", for other models"
        + peft();
  }

  private static String peft() {
    return "; lumina takes LoRA adapters of Lumina-mGPT 2.0 in PEFT's format";
  }

  private static String gguf(String name) {
    return "this is a GGUF model ("
        + name
        + "), for llama.cpp and its kin"
        + ONLY
        + ", from safetensors";
  }

  private static List<String> names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      return List.of(); // told by whoever needs it
    }
  }

  /** The first bytes of a file; those of the header if it is a safetensors file. */
  private static String head(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(HEAD_BYTES);
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // told by whoever needs it
    }
  }

  private static String text(Path json, String key) {
    try {
      JsonNode root = ConfigFile.MAPPER.readTree(json.toFile());
      return root == null ? "" : root.path(key).asText("");
    } catch (IOException e) {
      return "";
    }
  }
}
