package io.github.lumina4j.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.lumina4j.CheckpointException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What Java needs of a config.json; the engine reads the rest.
 *
 * @param modelType null if it does not say
 * @param architectures class names of transformers
 * @param className of a part of a diffusers pipeline; null for a model of transformers
 * @param vocabSize -1 if it does not say
 * @param imageTokenOffset -1 if it does not say
 */
record ConfigFile(
    String modelType,
    List<String> architectures,
    String className,
    int vocabSize,
    int imageTokenOffset) {
  /** Reads JSON as Python writes it, which knows NaN and Infinity. */
  static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  /**
   * Reads the top level alone, for a vocabulary_map holds 170,000 names.
   *
   * @throws CheckpointException if it is no JSON object
   */
  static ConfigFile read(Path file) {
    String modelType = null;
    List<String> architectures = new ArrayList<>();
    String className = null;
    int vocabSize = -1;
    int imageTokenOffset = -1;
    try (JsonParser json = MAPPER.createParser(file.toFile())) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new CheckpointException(file + ": not a JSON object");
      }
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String key = json.currentName();
        JsonToken value = json.nextToken();
        boolean text = value == JsonToken.VALUE_STRING;
        boolean number = value == JsonToken.VALUE_NUMBER_INT;
        switch (key) {
          case "model_type" -> modelType = text ? json.getText() : null;
          case "_class_name" -> className = text ? json.getText() : null;
          case "vocab_size" -> vocabSize = number ? json.getIntValue() : -1;
          case "image_token_offset" -> imageTokenOffset = number ? json.getIntValue() : -1;
          case "architectures" -> {
            while (value == JsonToken.START_ARRAY && json.nextToken() != JsonToken.END_ARRAY) {
              architectures.add(json.getValueAsString(""));
              json.skipChildren();
            }
          }
          default -> {}
        }
        json.skipChildren();
      }
      return new ConfigFile(
          modelType, List.copyOf(architectures), className, vocabSize, imageTokenOffset);
    } catch (JsonProcessingException e) {
      String place =
          " (line "
              + e.getLocation().getLineNr()
              + ", column "
              + e.getLocation().getColumnNr()
              + ")";
      String reason = ForeignFile.describe(file).orElse("not JSON" + place);
      throw new CheckpointException(file + ": " + reason, e);
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be read: " + SafetensorsFile.reason(e), e);
    }
  }
}
