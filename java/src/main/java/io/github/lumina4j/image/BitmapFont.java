package io.github.lumina4j.image;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;

/**
 * A font of 5x7 dots for labels in pictures: a bare JDK has no fonts, and drawing text through it
 * then fails. Letters are lower case only.
 */
public final class BitmapFont {
  public static final int WIDTH = 5;
  public static final int HEIGHT = 7;

  /** Dots from one character to the next. */
  public static final int ADVANCE = WIDTH + 1;

  // A character, then its five columns as hexadecimal bytes, the lowest bit at the top.
  private static final String GLYPHS =
      """
      0 3e5149453e  1 00427f4000  2 4261514946  3 2141454b31  4 1814127f10
      5 2745454539  6 3c4a494930  7 0171090503  8 3649494936  9 064949291e
      a 2054545478  b 7f48444438  c 3844444420  d 384444487f  e 3854545418
      f 087e090102  g 0c5252523e  h 7f08040478  i 00447d4000  j 2040443d00
      k 7f10284400  l 00417f4000  m 7c04180478  n 7c08040478  o 3844444438
      p 7c14141408  q 081414187c  r 7c08040408  s 4854545420  t 043f444020
      u 3c4040207c  v 1c2040201c  w 3c4030403c  x 4428102844  y 0c5050503c
      z 4464544c44  . 0060600000  - 0808080808  + 08083e0808  / 2010080402
      , 0050300000  : 0036360000  ' 0005030000  _ 4040404040  % 2313086462
      ( 001c224100  ) 0041221c00  = 1414141414
      """;

  private static final byte[] UNKNOWN = {0x7f, 0x41, 0x41, 0x41, 0x7f};
  private static final Map<Character, byte[]> COLUMNS = parse();

  private BitmapFont() {}

  private static Map<Character, byte[]> parse() {
    Map<Character, byte[]> columns = new HashMap<>();
    String[] words = GLYPHS.strip().split("\\s+");
    for (int i = 0; i < words.length; i += 2) {
      columns.put(words[i].charAt(0), HexFormat.of().parseHex(words[i + 1]));
    }
    columns.put(' ', new byte[WIDTH]);
    return columns;
  }

  /** Takes note of the dots of a text. */
  @FunctionalInterface
  public interface Dots {
    /** {@code x} to the right from the text's left edge, {@code y} down from its top. */
    void dot(int x, int y);
  }

  /** Gives the dots of {@code text}; capitals become lower case, what is unknown an empty box. */
  public static void draw(String text, Dots dots) {
    String lower = text.toLowerCase(Locale.ROOT);
    for (int i = 0; i < lower.length(); i++) {
      byte[] columns = COLUMNS.getOrDefault(lower.charAt(i), UNKNOWN);
      for (int x = 0; x < WIDTH; x++) {
        for (int y = 0; y < HEIGHT; y++) {
          if ((columns[x] >> y & 1) != 0) {
            dots.dot(i * ADVANCE + x, y);
          }
        }
      }
    }
  }

  /** Dots from the left edge of {@code text} to its right one. */
  public static int width(String text) {
    return Math.max(0, text.length() * ADVANCE - 1);
  }
}
