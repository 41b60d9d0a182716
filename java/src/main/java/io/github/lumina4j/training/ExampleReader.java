package io.github.lumina4j.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.lumina4j.ImageSize;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.Tasks;
import io.github.lumina4j.image.CenterCrop;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.text.SpecialTokens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads items of a file of examples, with their pictures. An item is one of
 *
 * <ul>
 *   <li>{@code {"image_path": FILE, "prompt": TEXT}}: text to image, see {@link
 *       TrainingExample.Captioned};
 *   <li>{@code {"task": NAME, "prompt": TEXT, "description": TEXT, "images": [UPPER, LOWER]}}: any
 *       task, with as many pictures as it has panels;
 *   <li>{@code {"conversations": [{"from": "human", "value": TEXT}, {"from": "gpt", "value":
 *       TEXT}], "image": [FILES]}}: see {@link TrainingExample.Conversation};
 *   <li>{@code {"token": [...], "label": [...]}}: a finished record, see {@link RecordLines}.
 * </ul>
 *
 * Other fields are left aside. Pictures are cropped to the nearest of the crop sizes, the panels of
 * one item all to that of the first.
 */
public final class ExampleReader {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Path folder;
  private final List<ImageSize> sizes;
  private final long seed;

  /**
   * @param folder what the pictures' paths are relative to
   * @param targetSize pixels, see {@link CenterCrop#cropSizes}
   * @param seed decides which captions are put without a size
   * @throws IllegalArgumentException if the target size is out of range
   */
  public ExampleReader(Path folder, int targetSize, long seed) {
    this.folder = folder;
    this.sizes = CenterCrop.cropSizes(targetSize);
    this.seed = seed;
  }

  /**
   * The item as a finished record, if it is one.
   *
   * @throws IllegalArgumentException if it is one and contradicts itself, or is no JSON object
   */
  public Optional<TokenRecord> record(ExampleFile.Item item) {
    JsonNode root = parse(item);
    return RecordLines.isRecord(root) ? Optional.of(RecordLines.parse(root)) : Optional.empty();
  }

  /**
   * Reads an item and its pictures.
   *
   * @throws IllegalArgumentException if it has none of the forms, or contradicts itself
   * @throws LuminaException if a picture cannot be read
   */
  public TrainingExample read(ExampleFile.Item item) {
    JsonNode root = parse(item);
    if (root.has("task")) {
      return new TrainingExample.OfTask(
          Tasks.byName(text(root, "task", true)),
          text(root, "prompt", false),
          text(root, "description", false),
          panels(files(root, "images", "image")));
    }
    if (root.has("image_path")) {
      return TrainingExample.Captioned.of(
          picture(text(root, "image_path", true)),
          text(root, "prompt", true),
          sizes,
          seed,
          item.index());
    }
    if (root.has("conversations")) {
      return new TrainingExample.Conversation(
          messages(root.get("conversations")),
          files(root, "image", SpecialTokens.IMAGE).stream()
              .map(file -> CenterCrop.varCenterCrop(picture(file), sizes))
              .toList());
    }
    if (root.has("file")) {
      throw new IllegalArgumentException(
          "names a finished record; give the file itself to 'lumina finetune --data'");
    }
    throw new IllegalArgumentException("neither task, image_path nor conversations is given");
  }

  private static JsonNode parse(ExampleFile.Item item) {
    try {
      JsonNode root = JSON.readTree(item.json());
      if (root == null || !root.isObject()) {
        throw new IllegalArgumentException("not a JSON object");
      }
      return root;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private RgbImage picture(String file) {
    return ImageFiles.read(folder.resolve(file));
  }

  private List<RgbImage> panels(List<String> files) {
    List<RgbImage> panels = new ArrayList<>();
    for (String file : files) {
      RgbImage picture = picture(file);
      panels.add(
          panels.isEmpty()
              ? CenterCrop.varCenterCrop(picture, sizes)
              : CenterCrop.centerCrop(picture, panels.get(0).width(), panels.get(0).height()));
    }
    return panels;
  }

  // A list of files, or one file, under the first of two names that is there.
  private static List<String> files(JsonNode root, String name, String otherName) {
    String used = root.has(name) ? name : otherName;
    JsonNode node = root.path(used);
    if (node.isTextual()) {
      return List.of(node.textValue());
    }
    List<String> files = new ArrayList<>();
    for (JsonNode file : node) {
      if (!file.isTextual()) {
        throw new IllegalArgumentException(used + " is not a list of file names");
      }
      files.add(file.textValue());
    }
    return files;
  }

  private static List<String> messages(JsonNode conversations) {
    List<String> messages = new ArrayList<>();
    for (JsonNode message : conversations) {
      String expected = messages.size() % 2 == 0 ? "human" : "gpt";
      if (!message.path("from").asText().equals(expected)) {
        throw new IllegalArgumentException(
            "message " + (messages.size() + 1) + " of the conversation is not from " + expected);
      }
      messages.add(text(message, "value", true));
    }
    return messages;
  }

  private static String text(JsonNode root, String name, boolean required) {
    JsonNode node = root.path(name);
    if (node.isTextual()) {
      return node.textValue();
    }
    if (required || !node.isMissingNode() && !node.isNull()) {
      throw new IllegalArgumentException(
          name + (node.isMissingNode() ? " is missing" : " is not a text"));
    }
    return null;
  }
}
