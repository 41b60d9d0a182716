package io.github.lumina4j;

import java.math.BigInteger;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * Seeds as people and other programs write them.
 *
 * <p>A seed is any 64 bits. Other programs count them from 0 to 2^64-1; Java's {@code long} holds
 * the same bits as a signed number, so that {@code 18446744073709551615} there is the {@code long}
 * -1 here. {@link #parse} and {@link #of} take both ways of writing, and {@link #text} and {@link
 * #number} give the unsigned one, which reads back as the same seed. Written as -1, a seed is a
 * random one, as ComfyUI and others have it; that is a matter of text alone, and {@code seed(-1)}
 * of a request is the seed with all bits set.
 */
public final class Seeds {
  /** Random seeds stay below this: short enough to read out, exact in every JSON reader. */
  private static final long RANDOM_BOUND = 1L << 32;

  private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger END = BigInteger.ONE.shiftLeft(Long.SIZE);
  private static final BigInteger RANDOM_NUMBER = BigInteger.ONE.negate();
  private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]{1,20}");

  private Seeds() {}

  /**
   * The seed that a text names.
   *
   * @param text a whole number from -2^63 to 2^64-1, or {@code random}
   * @return empty for {@code random} and -1
   * @throws IllegalArgumentException for anything else; the message begins with "must be"
   */
  public static OptionalLong parse(String text) {
    Objects.requireNonNull(text, "text");
    if (text.equals("random")) {
      return OptionalLong.empty();
    }
    if (!WHOLE.matcher(text).matches()) {
      throw refused(text);
    }
    return of(new BigInteger(text));
  }

  /**
   * The seed that a number names.
   *
   * @param number from -2^63 to 2^64-1
   * @return empty for -1, which asks for a random one
   * @throws IllegalArgumentException for any other number; the message begins with "must be"
   */
  public static OptionalLong of(BigInteger number) {
    Objects.requireNonNull(number, "number");
    if (number.equals(RANDOM_NUMBER)) {
      return OptionalLong.empty();
    }
    if (number.compareTo(LEAST) < 0 || number.compareTo(END) >= 0) {
      throw refused(number.toString());
    }
    return OptionalLong.of(number.longValue());
  }

  /** A random seed, from 0 to 2^32-1. */
  public static long random() {
    return ThreadLocalRandom.current().nextLong(RANDOM_BOUND);
  }

  /** The seed as a number from 0 to 2^64-1, which {@link #of} takes back. */
  public static BigInteger number(long seed) {
    return new BigInteger(text(seed));
  }

  /** The digits of {@link #number}, which {@link #parse} takes back. */
  public static String text(long seed) {
    return Long.toUnsignedString(seed);
  }

  private static IllegalArgumentException refused(String given) {
    return new IllegalArgumentException(
        "must be a whole number from 0 to 18446744073709551615, or -1 or 'random' for a random one"
            + " (got '"
            + given
            + "')");
  }
}
