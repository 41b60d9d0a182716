package io.github.lumina4j.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One of several equal parts of a batch.
 *
 * @param number from 1
 * @param count parts in all
 */
record Shard(int number, int count) {
  /** Everything. */
  static final Shard WHOLE = new Shard(1, 1);

  private static final Pattern FORM = Pattern.compile("([0-9]{1,9})/([0-9]{1,9})");

  Shard {
    if (number < 1 || number > count) {
      throw new IllegalArgumentException(
          "shard " + number + "/" + count + ": the first number must be 1 to " + count);
    }
  }

  /**
   * Reads {@code i/N}, such as {@code 1/4}.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  static Shard parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' is not a part such as 1/4");
    }
    return new Shard(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  /** Whether the item at {@code index}, from 0, belongs to this part. */
  boolean has(int index) {
    return index % count == number - 1;
  }
}
