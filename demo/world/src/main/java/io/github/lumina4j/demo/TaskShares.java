package io.github.lumina4j.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How often training samples are of each kind of task: whole numbers, of which only the proportions
 * count.
 */
public record TaskShares(int t2i, int pair, int i2i, int dense, int subject, int edit) {
  /** In per cent. */
  public static final TaskShares USUAL = new TaskShares(50, 9, 10, 9, 6, 16);

  private static final int MOST = 1000;

  /**
   * @throws IllegalArgumentException if a share is below 0 or above 1000, or all are 0
   */
  public TaskShares {
    int sum = 0;
    for (int share : new int[] {t2i, pair, i2i, dense, subject, edit}) {
      if (share < 0 || share > MOST) {
        throw new IllegalArgumentException("a share must be 0 to " + MOST + ", not " + share);
      }
      sum += share;
    }
    if (sum == 0) {
      throw new IllegalArgumentException("all shares are 0");
    }
  }

  /**
   * Reads {@code t2i=70,edit=30}; kinds that are not named have no share.
   *
   * @throws IllegalArgumentException if the text does not say such shares
   */
  public static TaskShares parse(String text) {
    Map<String, Integer> shares = USUAL.byKind();
    shares.replaceAll((kind, share) -> 0);
    List<String> seen = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String[] words = part.split("=", -1);
      if (words.length != 2 || !shares.containsKey(words[0]) || !words[1].matches("\\d{1,4}")) {
        throw new IllegalArgumentException(
            "'" + part + "' is not KIND=SHARE; kinds: " + String.join(", ", shares.keySet()));
      }
      if (seen.contains(words[0])) {
        throw new IllegalArgumentException("two shares for " + words[0]);
      }
      seen.add(words[0]);
      shares.put(words[0], Integer.parseInt(words[1]));
    }
    return new TaskShares(
        shares.get("t2i"),
        shares.get("pair"),
        shares.get("i2i"),
        shares.get("dense"),
        shares.get("subject"),
        shares.get("edit"));
  }

  private Map<String, Integer> byKind() {
    Map<String, Integer> shares = new LinkedHashMap<>();
    shares.put("t2i", t2i);
    shares.put("pair", pair);
    shares.put("i2i", i2i);
    shares.put("dense", dense);
    shares.put("subject", subject);
    shares.put("edit", edit);
    return shares;
  }

  /** As {@link #parse} reads it, with all kinds. */
  @Override
  public String toString() {
    return byKind().entrySet().stream()
        .map(share -> share.getKey() + "=" + share.getValue())
        .collect(Collectors.joining(","));
  }
}
