package io.github.lumina4j.text;

import java.util.List;
import java.util.Objects;

/**
 * A sentence with the user's words in it, and where those words are: only they are searched for
 * control tokens.
 *
 * @param text the whole sentence
 * @param userTexts the parts that the user wrote, in order, not overlapping
 */
public record FilledTemplate(String text, List<UserText> userTexts) {

  /**
   * A part of the sentence that the user wrote.
   *
   * @param name what it is, for messages: {@code prompt} or {@code description}
   * @param start index of its first {@code char} in the sentence
   * @param end index after its last {@code char}
   */
  public record UserText(String name, int start, int end) {
    public UserText {
      Objects.requireNonNull(name, "name");
      if (start < 0 || end < start) {
        throw new IllegalArgumentException("no such part: " + start + " to " + end);
      }
    }
  }

  public FilledTemplate {
    Objects.requireNonNull(text, "text");
    userTexts = List.copyOf(userTexts);
    int last = 0;
    for (UserText part : userTexts) {
      if (part.start() < last || part.end() > text.length()) {
        throw new IllegalArgumentException("parts overlap or leave the text: " + part);
      }
      last = part.end();
    }
  }

  /** A text that the user wrote from beginning to end; {@code name} says what it is. */
  public static FilledTemplate ofUserText(String name, String text) {
    return new FilledTemplate(text, List.of(new UserText(name, 0, text.length())));
  }
}
