package io.github.lumina4j.text;

import java.text.Normalizer;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Refuses words of a user that would be read as control tokens (docs/spec/model.md 4.4). Every
 * added token of the tokenizer is one, whatever it looks like. The wording of a template is not
 * searched: it may hold such tokens, or texts that look like some.
 *
 * <p>Immutable and cheap to ask: one look per character, a few where one begins as some token does.
 */
public final class ControlTokens {
  private final Set<String> tokens;
  private final Set<Character> firstCharacters = new HashSet<>();
  private final Set<Integer> lengths = new TreeSet<>(Comparator.reverseOrder());
  private final int longest;

  /** The control tokens of a tokenizer. */
  public ControlTokens(Collection<String> addedTokens) {
    tokens = Set.copyOf(addedTokens);
    for (String token : tokens) {
      firstCharacters.add(token.charAt(0));
      lengths.add(token.length());
    }
    longest = lengths.stream().findFirst().orElse(0);
  }

  /**
   * Looks for control tokens that hold at least one character of the user's words, also those that
   * only come about together with the wording around them.
   *
   * @throws IllegalArgumentException if there is one; the message names the text, the token and the
   *     character
   */
  public void check(FilledTemplate message) {
    for (FilledTemplate.UserText part : message.userTexts()) {
      String words = message.text().substring(part.start(), part.end());
      checkAlone(part.name(), words);
      // The tokenizer may bring a text into composed form before it looks for tokens.
      String composed = Normalizer.normalize(words, Normalizer.Form.NFC);
      if (!composed.equals(words)) {
        checkAlone(part.name(), composed);
      }
      checkBorders(message.text(), part);
    }
  }

  /** As {@link #check(FilledTemplate)}, for a text without a template; {@code name} says what. */
  public void check(String name, String text) {
    check(FilledTemplate.ofUserText(name, text));
  }

  private void checkAlone(String name, String words) {
    for (int start = 0; start < words.length(); start++) {
      String token = longestAt(words, start, 0);
      if (token != null) {
        throw new IllegalArgumentException(
            name
                + ": control token "
                + token
                + " at character "
                + PromptTemplate.characterNumber(words, start)
                + " is not allowed");
      }
    }
  }

  // Tokens that begin in the wording before the user's words, or end in the wording after them.
  private void checkBorders(String text, FilledTemplate.UserText part) {
    if (part.start() == part.end()) {
      return;
    }
    for (int start = Math.max(0, part.start() - longest + 1); start < part.end(); start++) {
      String token = longestAt(text, start, part.start() - start + 1);
      if (token != null) {
        throw new IllegalArgumentException(
            part.name()
                + ": together with the template's wording it makes the control token "
                + token
                + ", which is not allowed");
      }
    }
  }

  // The longest token of at least `atLeast` chars that begins at `start`, or null.
  private String longestAt(String text, int start, int atLeast) {
    if (!firstCharacters.contains(text.charAt(start))) {
      return null;
    }
    for (int length : lengths) {
      if (length < atLeast) {
        return null;
      }
      if (start + length <= text.length()) {
        String candidate = text.substring(start, start + length);
        if (tokens.contains(candidate)) {
          return candidate;
        }
      }
    }
    return null;
  }
}
