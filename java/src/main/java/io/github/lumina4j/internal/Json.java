package io.github.lumina4j.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The engine's JSON answers as records, and records as JSON: snake case on the engine's side. */
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private Json() {}

  public static <T> T read(String json, Class<T> type) {
    return read(json, MAPPER.constructType(type));
  }

  public static <T> List<T> readList(String json, Class<T> type) {
    return read(json, MAPPER.getTypeFactory().constructCollectionType(List.class, type));
  }

  /** An object of numbers, in the order of the text. */
  public static Map<String, Double> readNumbers(String json) {
    return read(
        json,
        MAPPER.getTypeFactory().constructMapType(LinkedHashMap.class, String.class, Double.class));
  }

  private static <T> T read(String json, JavaType type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new LuminaException(
          ErrorCode.INTERNAL, "the engine's answer cannot be read: " + e.getOriginalMessage(), e);
    }
  }

  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new LuminaException(ErrorCode.INTERNAL, e.getOriginalMessage(), e);
    }
  }
}
