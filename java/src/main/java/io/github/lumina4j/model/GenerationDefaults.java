package io.github.lumina4j.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.ImageSize;
import io.github.lumina4j.SamplingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a model draws best with, from the {@code generation_config.json} of its folder. Whatever is
 * null there is left to the library; other entries of the file are not looked at.
 *
 * @param width of one panel in pixels, a multiple of 32; only together with {@code height}
 * @param height of one panel in pixels, a multiple of 32
 * @param guidanceScale at least 0
 * @param imageTopK at least 1
 * @param temperature above 0
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GenerationDefaults(
    Integer width, Integer height, Double guidanceScale, Integer imageTopK, Double temperature) {
  /** The name of the file. */
  public static final String FILE = "generation_config.json";

  /** Everything is left to the library. */
  public static final GenerationDefaults NONE =
      new GenerationDefaults(null, null, null, null, null);

  // Text is no number here and 0.5 no count: a default that is not what its author wrote would go
  // unnoticed.
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // as Python writes them
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * @throws IllegalArgumentException if a value is out of its range, or one side is missing
   */
  public GenerationDefaults {
    if ((width == null) != (height == null)) {
      throw new IllegalArgumentException("width and height belong together");
    }
    if (width != null) {
      new ImageSize(width, height).requireMultipleOf(ImageSize.GRID_UNIT);
    }
    // The range of each is told by the class that uses it.
    if (guidanceScale != null) {
      SamplingOptions.DEFAULT.withGuidanceScale(guidanceScale);
    }
    if (imageTopK != null) {
      SamplingOptions.DEFAULT.withImageTopK(imageTopK);
    }
    if (temperature != null) {
      SamplingOptions.DEFAULT.withTemperature(temperature);
    }
  }

  /**
   * The defaults of the checkpoint in {@code folder}; {@link #NONE} if it has no such file.
   *
   * @throws CheckpointException if the file cannot be read, is no JSON object, or holds a value
   *     that is out of its range
   */
  public static GenerationDefaults read(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return NONE;
    }
    try {
      JsonNode json = MAPPER.readTree(Files.readAllBytes(file));
      // Transformers write a temperature of 0 beside do_sample false, where it stands for nothing.
      if (json instanceof ObjectNode object && !object.path("do_sample").asBoolean(true)) {
        object.remove("temperature");
      }
      GenerationDefaults read = MAPPER.treeToValue(json, GenerationDefaults.class);
      if (read == null) {
        throw new CheckpointException(file + ": not a JSON object");
      }
      return read;
    } catch (ValueInstantiationException e) {
      throw new CheckpointException(file + ": " + e.getCause().getMessage(), e);
    } catch (MismatchedInputException e) {
      throw new CheckpointException(file + ": " + problem(e), e);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(file + ": " + firstLine(e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be read: " + SafetensorsFile.reason(e), e);
    }
  }

  /** The size of a picture of so many panels, one above the other; empty if left to the library. */
  public Optional<ImageSize> size(int panels) {
    return width == null
        ? Optional.empty()
        : Optional.of(new ImageSize(width, Math.multiplyExact(height, panels)));
  }

  private static String problem(MismatchedInputException e) {
    if (e.getPath().isEmpty()) {
      return "not a JSON object";
    }
    String kind = e.getTargetType() == Integer.class ? "a whole number" : "a number";
    return e.getPath().get(0).getFieldName() + " must be " + kind;
  }

  private static String firstLine(String text) {
    return text == null ? "not JSON" : text.lines().findFirst().orElse("not JSON");
  }
}
