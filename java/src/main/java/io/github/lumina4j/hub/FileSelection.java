package io.github.lumina4j.hub;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Which files of a repository are fetched; see {@link PullRequest}. */
final class FileSelection {
  private static final Set<String> TOKENIZER_TEXTS = Set.of("merges.txt", "vocab.txt");
  private static final Set<String> IMAGE_TOKENIZER_TYPES = Set.of("ckpt", "safetensors", "json");

  private final List<Pattern> include;
  private final List<Pattern> exclude;

  /**
   * Reads the patterns.
   *
   * @throws IllegalArgumentException if one of them is none
   */
  FileSelection(List<String> include, List<String> exclude) {
    this.include = include.stream().map(FileSelection::pattern).toList();
    this.exclude = exclude.stream().map(FileSelection::pattern).toList();
  }

  boolean wants(String path) {
    boolean included = include.isEmpty() ? checkpointNeeds(path) : matches(include, path);
    return included && !matches(exclude, path);
  }

  private static boolean checkpointNeeds(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    String type = name.substring(name.lastIndexOf('.') + 1);
    if (name.startsWith("movqgan")) {
      return IMAGE_TOKENIZER_TYPES.contains(type);
    }
    return name.equals(path)
        && (type.equals("json") || type.equals("safetensors") || TOKENIZER_TEXTS.contains(name));
  }

  private static boolean matches(List<Pattern> patterns, String path) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(path).matches());
  }

  /** A pattern of the shell, as Python's {@code fnmatch} reads it. */
  private static Pattern pattern(String glob) {
    String text = glob.endsWith("/") ? glob + "*" : glob;
    StringBuilder regex = new StringBuilder();
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      // A ] right behind the [ or the ! is itself a character of the set.
      int first = at + (text.startsWith("[!", at) ? 2 : 1);
      int close = c == '[' ? text.indexOf(']', first + 1) : -1;
      if (c == '*') {
        regex.append(".*");
      } else if (c == '?') {
        regex.append('.');
      } else if (close >= 0) {
        regex.append(first == at + 2 ? "[^" : "[");
        regex.append(text.substring(first, close).replaceAll("[^A-Za-z0-9-]", "\\\\$0"));
        regex.append(']');
        at = close;
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    try {
      return Pattern.compile(regex.toString(), Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "'" + glob + "' is not a pattern: " + e.getDescription(), e);
    }
  }
}
