package io.github.lumina4j.internal;

/** What text must be to be text. */
public final class Texts {
  private Texts() {}

  /**
   * Refuses half of a surrogate pair, which has no UTF-8 form and would reach the tokenizer as
   * something else.
   *
   * @param name of the text, for the message
   * @throws IllegalArgumentException if there is one
   */
  public static void requireCharacters(String text, String name) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (!pair) {
        throw new IllegalArgumentException(
            name + ": half of a surrogate pair at character " + (text.codePointCount(0, i) + 1));
      }
      i++;
    }
  }
}
