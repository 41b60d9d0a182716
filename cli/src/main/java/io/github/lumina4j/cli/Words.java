package io.github.lumina4j.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;

/**
 * One of several words as a value: in any case of letters, with dashes or underscores. Completion
 * offers the same words.
 */
abstract class Words<T> implements ITypeConverter<T> {
  private final T[] values;
  private final Function<T, String> id;
  private final Map<String, String> aliases;

  Words(T[] values, Function<T, String> id) {
    this(values, id, Map.of());
  }

  /** {@code aliases}: what other programs call the same. */
  Words(T[] values, Function<T, String> id, Map<String, String> aliases) {
    this.values = values;
    this.id = id;
    this.aliases = aliases;
  }

  /** The words, in the order of their values. */
  final List<String> names() {
    return Arrays.stream(values).map(id).toList();
  }

  /** Whether {@code text} is one of them. */
  final boolean knows(String text) {
    return find(text) != null;
  }

  @Override
  public final T convert(String text) {
    T value = find(text);
    if (value == null) {
      throw Converters.mustBe(either(names()), text);
    }
    return value;
  }

  private T find(String text) {
    String word = text.toLowerCase(Locale.ROOT).replace('_', '-');
    String name = aliases.getOrDefault(word, word);
    return Arrays.stream(values).filter(v -> id.apply(v).equals(name)).findFirst().orElse(null);
  }

  /** {@code a, b or c}. */
  static String either(List<String> names) {
    int last = names.size() - 1;
    return last < 1
        ? String.join("", names)
        : String.join(", ", names.subList(0, last)) + " or " + names.get(last);
  }
}
