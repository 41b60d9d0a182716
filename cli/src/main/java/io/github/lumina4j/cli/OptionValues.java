package io.github.lumina4j.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.TypeConversionException;

/**
 * Sets options by name without a command line between: a value is taken as it is, also if it looks
 * like an option, and is read by the same rules.
 */
final class OptionValues {
  private OptionValues() {}

  /**
   * Sets one option of the object that {@code spec} describes.
   *
   * @param option its name, such as {@code --top-k}
   * @param called what to call it in messages
   * @throws IllegalArgumentException if it does not take the value; the message says what it takes
   */
  static void set(CommandSpec spec, String option, String value, String called) {
    OptionSpec known = spec.optionsMap().get(option);
    ITypeConverter<?> converter = Converters.of(known);
    try {
      known.setValue(converter.convert(value));
    } catch (TypeConversionException e) {
      throw new IllegalArgumentException(continued(called, e.getMessage()), e);
    } catch (Exception e) {
      throw new IllegalArgumentException(called + ": " + e.getMessage(), e);
    }
  }

  /** {@code message} about what is called {@code name}. */
  static String continued(String name, String message) {
    return name + (message.startsWith("must ") ? " " : ": ") + message;
  }
}
