package io.github.lumina4j.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.lumina4j.Adapter;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.model.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What of a model decides pictures, by content: wherever it lies, however its folder is called,
 * whatever else is in there, and whenever its files were written.
 *
 * @param model hash of its configuration, tokenizer and weights
 * @param imageTokenizer hash of the file
 * @param lora a hash and the scale for each adapter; null if there is none
 */
record LoadedFiles(String model, String imageTokenizer, List<String> lora) {
  private static final String INDEX = "model.safetensors.index.json";
  private static final String SINGLE = "model.safetensors";
  private static final String ADAPTER = "adapter_model.safetensors";
  private static final String ADAPTER_CONFIG = "adapter_config.json";
  private static final List<String> SMALL_FILES = List.of("config.json", "tokenizer_config.json");

  /** Who wrote a configuration decides nothing. */
  private static final Set<String> OF_THE_WRITER =
      Set.of("transformers_version", "_name_or_path", "base_model_name_or_path");

  private static final Set<String> WEIGHTS =
      Set.of("safetensors", "bin", "pt", "pth", "ckpt", "pkl");

  /** Of all that {@code options} load. */
  static LoadedFiles of(PipelineOptions options, FileHashes hashes) {
    return new LoadedFiles(
        model(options.model().orElseThrow(), hashes),
        options.imageTokenizer().map(hashes::of).orElse(null),
        options.adapters().isEmpty()
            ? null
            : options.adapters().stream().map(adapter -> adapter(adapter, hashes)).toList());
  }

  /** How many bytes have to be read for {@link #of}. */
  static long cost(PipelineOptions options, FileHashes hashes) {
    List<Path> files = new ArrayList<>(weights(options.model().orElseThrow()));
    options.imageTokenizer().ifPresent(files::add);
    return files.stream().mapToLong(hashes::cost).sum();
  }

  private static String model(Path folder, FileHashes hashes) {
    StringBuilder text = new StringBuilder();
    for (String name : SMALL_FILES) {
      Path file = folder.resolve(name);
      text.append(name)
          .append(' ')
          .append(Files.isRegularFile(file) ? json(file) : "none")
          .append('\n');
    }
    Path tokenizer = folder.resolve("tokenizer.json");
    if (Files.isRegularFile(tokenizer)) {
      text.append("tokenizer.json ").append(hashes.of(tokenizer)).append('\n');
    }
    // Sorted, whatever order the index has; by content, whatever the parts are called.
    weights(folder).stream()
        .map(hashes::of)
        .sorted()
        .forEach(hash -> text.append(hash).append('\n'));
    return sha(text.toString());
  }

  /** The files that hold the weights: one, those of an index, else whatever looks like it. */
  static List<Path> weights(Path folder) {
    Path index = folder.resolve(INDEX);
    Path single = folder.resolve(SINGLE);
    if (Files.isRegularFile(single)) {
      return List.of(single);
    }
    if (Files.isRegularFile(index)) {
      Set<String> names = new TreeSet<>();
      tree(index).path("weight_map").forEach(name -> names.add(name.asText()));
      List<Path> parts = names.stream().map(folder::resolve).toList();
      if (!parts.isEmpty() && parts.stream().allMatch(Files::isRegularFile)) {
        return parts;
      }
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(LoadedFiles::looksLikeWeights).sorted().toList();
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  private static boolean looksLikeWeights(Path file) {
    String name = file.getFileName().toString();
    return WEIGHTS.contains(name.substring(name.lastIndexOf('.') + 1))
        && !name.startsWith("movqgan")
        && Files.isRegularFile(file);
  }

  private static String adapter(Adapter adapter, FileHashes hashes) {
    Path path = adapter.path();
    Path file = path;
    if (Files.isDirectory(path)) {
      Path usual = path.resolve(ADAPTER);
      file = Files.isRegularFile(usual) ? usual : path.resolve("adapter_model.bin");
    }
    Path config = file.resolveSibling(ADAPTER_CONFIG);
    String hash =
        sha(
            (Files.isRegularFile(config) ? json(config) : "none")
                + "\n"
                + (Files.isRegularFile(file) ? hashes.of(file) : "none"));
    return hash + ":" + adapter.scale();
  }

  /** The hash of what a file of JSON says, however it is laid out. */
  private static String json(Path file) {
    return sha(JsonText.of(sorted(tree(file))));
  }

  private static Object sorted(JsonNode node) {
    if (node instanceof ObjectNode object) {
      TreeMap<String, Object> fields = new TreeMap<>();
      object
          .fields()
          .forEachRemaining(
              field -> {
                if (!OF_THE_WRITER.contains(field.getKey())) {
                  fields.put(field.getKey(), sorted(field.getValue()));
                }
              });
      return fields;
    }
    if (node.isArray()) {
      List<Object> items = new ArrayList<>();
      node.forEach(item -> items.add(sorted(item)));
      return items;
    }
    return node;
  }

  private static JsonNode tree(Path file) {
    try {
      return JsonText.reader(JsonNode.class).readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(Sha256.of(file)); // whoever loads it says what is wrong
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static String sha(String text) {
    return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static LuminaException unreadable(Path file, IOException e) {
    return new LuminaException(ErrorCode.IO, "cannot read " + file + ": " + TextFiles.reason(e), e);
  }
}
