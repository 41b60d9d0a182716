package io.github.lumina4j.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lumina4j.GenerationStats;
import java.util.List;

/** JSON as this program writes and reads it: one line, snake case, no empty fields. */
final class JsonText {
  /** Grows when a field of a report goes or gets another meaning; new fields may come any time. */
  private static final int SCHEMA_VERSION = 1;

  /** Names that would otherwise stand for two things. */
  private interface StatsNames {
    /** {@code codes_per_pass} is a mean, here and elsewhere. */
    @JsonProperty("passes_by_codes")
    List<Long> codesPerPass();
  }

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addMixIn(GenerationStats.class, StatsNames.class)
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .serializationInclusion(JsonInclude.Include.NON_ABSENT)
          .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private JsonText() {}

  /** The value on one line. */
  static String of(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e.getOriginalMessage(), e);
    }
  }

  /** The value on one line as {@code --json} prints it: with the version of its layout. */
  static String report(Object value) {
    ObjectNode report = MAPPER.createObjectNode();
    report.put("schema_version", SCHEMA_VERSION);
    report.setAll(tree(value));
    return of(report);
  }

  /** The value as a tree. */
  static ObjectNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /** Reads JSON into {@code type}. */
  static ObjectReader reader(Class<?> type) {
    return MAPPER.readerFor(type);
  }
}
