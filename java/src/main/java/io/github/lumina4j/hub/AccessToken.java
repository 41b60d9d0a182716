package io.github.lumina4j.hub;

import java.util.Optional;
import java.util.regex.Pattern;

/** The user's token. Its text goes into one header of requests to the hub and nowhere else. */
final class AccessToken {
  private static final Pattern ALLOWED = Pattern.compile("[!-~]+");

  private final String text;

  private AccessToken(String text) {
    this.text = text;
  }

  /**
   * The token in a variable or a file; empty if there is only space.
   *
   * @param source for the message
   * @throws IllegalArgumentException if it has characters that no token has
   */
  static Optional<AccessToken> of(String text, String source) {
    String stripped = text.strip();
    if (stripped.isEmpty()) {
      return Optional.empty();
    }
    if (!ALLOWED.matcher(stripped).matches()) {
      throw new IllegalArgumentException(
          source + ": not a token: it has spaces or characters beyond ASCII");
    }
    return Optional.of(new AccessToken(stripped));
  }

  /** The value of the header {@code Authorization}. */
  String header() {
    return "Bearer " + text;
  }

  /** Says nothing, so that no message and no log can. */
  @Override
  public String toString() {
    return "a token";
  }
}
