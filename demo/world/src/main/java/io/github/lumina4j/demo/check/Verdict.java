package io.github.lumina4j.demo.check;

import java.util.Objects;

/**
 * The answer of a check.
 *
 * @param reason one line; what is wrong if it failed, empty if it passed
 */
public record Verdict(boolean passed, String reason) {
  /** All is as it should be. */
  public static final Verdict PASSED = new Verdict(true, "");

  public Verdict {
    Objects.requireNonNull(reason, "reason");
  }

  /** Something is wrong. */
  public static Verdict failed(String reason) {
    return new Verdict(false, reason);
  }
}
