package io.github.lumina4j.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.lumina4j.Seeds;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/** The fields of a request by name and type, from JSON or from a form, where all is text. */
final class RequestFields {
  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,19}");
  private static final Pattern NUMBER =
      Pattern.compile("-?[0-9]{1,19}(\\.[0-9]{1,19})?([eE][-+]?[0-9]{1,3})?");

  private final Map<String, JsonNode> values = new HashMap<>();
  private final boolean form;

  private RequestFields(boolean form) {
    this.form = form;
  }

  /**
   * The fields of a JSON object; those that are null count as not given.
   *
   * @throws ApiException if it is no JSON object
   */
  static RequestFields ofJson(byte[] body) {
    JsonNode object = Json.read(body);
    if (!object.isObject()) {
      throw ApiException.invalid(null, "the body must be a JSON object");
    }
    RequestFields fields = new RequestFields(false);
    object
        .properties()
        .forEach(
            field -> {
              if (!field.getValue().isNull()) {
                fields.values.put(field.getKey(), field.getValue());
              }
            });
    return fields;
  }

  /** The text fields of a form. */
  static RequestFields ofForm(Map<String, String> texts) {
    RequestFields fields = new RequestFields(true);
    texts.forEach((name, text) -> fields.values.put(name, TextNode.valueOf(text)));
    return fields;
  }

  /** Refuses what is not in {@code known}: a misspelt setting would otherwise go unnoticed. */
  void refuseOthersThan(Set<String> known) {
    values.keySet().stream()
        .filter(name -> !known.contains(name))
        .sorted()
        .findFirst()
        .ifPresent(
            name -> {
              throw ApiException.unknownField(name.length() > 64 ? name.substring(0, 64) : name);
            });
  }

  /** Text, without NUL and half characters. */
  Optional<String> text(String name) {
    return get(name)
        .map(
            node -> {
              if (!node.isTextual()) {
                throw ApiException.invalid(name, name + " must be a string");
              }
              String text = node.textValue();
              if (text.codePoints().anyMatch(c -> c == 0 || c >= 0xd800 && c <= 0xdfff)) {
                throw ApiException.invalid(name, name + " holds a character that is no text");
              }
              return text;
            });
  }

  /** One of the words of {@code known}. */
  Optional<String> word(String name, Set<String> known) {
    Optional<String> word = text(name);
    word.filter(text -> !known.contains(text))
        .ifPresent(
            text -> {
              throw ApiException.invalid(
                  name,
                  name + " must be one of " + String.join(", ", known.stream().sorted().toList()));
            });
    return word;
  }

  /** A whole number of 64 bits. */
  Optional<Long> whole(String name) {
    return get(name)
        .map(
            node -> {
              if (node.isIntegralNumber() && node.canConvertToLong()) {
                return node.longValue();
              }
              if (form && WHOLE.matcher(node.textValue()).matches()) {
                try {
                  return Long.parseLong(node.textValue());
                } catch (NumberFormatException e) {
                  // Too large: as for JSON.
                }
              }
              throw ApiException.invalid(name, name + " must be a whole number");
            });
  }

  /** A seed as {@link Seeds} reads them; empty if none is given, or a random one. */
  OptionalLong seed(String name) {
    JsonNode node = get(name).orElse(null);
    if (node == null) {
      return OptionalLong.empty();
    }
    try {
      if (node.isIntegralNumber()) {
        return Seeds.of(node.bigIntegerValue());
      }
      if (node.isTextual() && (form || node.textValue().equals("random"))) {
        return Seeds.parse(node.textValue());
      }
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid(name, name + " " + e.getMessage());
    }
    throw ApiException.invalid(name, name + " must be a whole number, or \"random\"");
  }

  /** A whole number from {@code least} to {@code most}. */
  Optional<Integer> count(String name, int least, int most) {
    return whole(name)
        .map(
            value -> {
              if (value < least || value > most) {
                throw ApiException.invalid(
                    name, name + " must be " + least + " to " + most + ", not " + value);
              }
              return value.intValue();
            });
  }

  Optional<Double> number(String name) {
    return get(name)
        .map(
            node -> {
              if (node.isNumber()) {
                return node.doubleValue();
              }
              if (form && NUMBER.matcher(node.textValue()).matches()) {
                return Double.parseDouble(node.textValue());
              }
              throw ApiException.invalid(name, name + " must be a number");
            });
  }

  /** True or false; false if not given. */
  boolean flag(String name) {
    return get(name)
        .map(
            node -> {
              if (node.isBoolean()) {
                return node.booleanValue();
              }
              if (form && Set.of("true", "false").contains(node.textValue())) {
                return node.textValue().equals("true");
              }
              throw ApiException.invalid(name, name + " must be true or false");
            })
        .orElse(false);
  }

  /** Whether it is given as true or false. */
  boolean isFlag(String name) {
    return get(name)
        .filter(
            node -> node.isBoolean() || form && Set.of("true", "false").contains(node.textValue()))
        .isPresent();
  }

  private Optional<JsonNode> get(String name) {
    return Optional.ofNullable(values.get(name));
  }
}
