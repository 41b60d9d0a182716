package io.github.lumina4j.demo;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Which scenes are for training and which are held out for evaluation.
 *
 * <p>The content of a scene is the multiset of the colours and shapes of its objects: where they
 * lie, how large they are and what is behind them does not count. One in {@value #ONE_IN} contents
 * of two objects or more is held out, by a hash that never changes. A model that draws {@code a red
 * star and a blue heart} from a held-out content has never seen a picture of just these two.
 *
 * <p>Single objects cannot be held out: there are only 48, and each is needed. Captions that leave
 * colours unsaid ({@code two stars}) are the same for both; only the scenes differ.
 */
public enum Split {
  TRAINING,
  HELD_OUT;

  private static final int ONE_IN = 10;

  /** Whether scenes of this content belong here; scenes of fewer than two objects always do. */
  public boolean contains(Scene scene) {
    return containsContent(scene.objects().stream().map(SceneObject::name).toList());
  }

  /**
   * The same for the names of a scene's objects, in any order.
   *
   * @param names each object's name, as its {@code toString} gives it
   */
  public boolean containsContent(List<?> names) {
    return names.size() < 2 || heldOut(names) == (this == HELD_OUT);
  }

  private static boolean heldOut(List<?> names) {
    List<String> sorted = names.stream().map(Object::toString).sorted().toList();
    // FNV-1a, then mixed, since its low bits alone are no good hash.
    long hash = 0xcbf29ce484222325L;
    for (byte b : String.join("+", sorted).getBytes(StandardCharsets.US_ASCII)) {
      hash = (hash ^ b) * 0x100000001b3L;
    }
    return Long.remainderUnsigned(SplitMix.mix(hash), ONE_IN) == 0;
  }
}
