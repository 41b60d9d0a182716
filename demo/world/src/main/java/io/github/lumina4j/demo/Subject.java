package io.github.lumina4j.demo;

import java.util.List;

/**
 * An object alone, and a new scene with it.
 *
 * @param object what both pictures show
 * @param alone the object alone: large, near the middle, on white or grey
 * @param target the new scene; the object may have another size there
 */
public record Subject(ObjectName object, Scene alone, CaptionedScene target) {
  private static final List<Background> PLAIN = List.of(Background.WHITE, Background.GREY);
  // The middle, as near as the cells allow.
  private static final int MIDDLE = (Scene.CELLS - ObjectSize.LARGE.cells()) / 2;

  /** One of the objects of a scene whose caption names them all by colour and shape. */
  public static Subject of(SplitMix random, CaptionedScene target) {
    ObjectName name = random.pick(target.scene().objects()).name();
    SceneObject object =
        new SceneObject(name.shape(), name.color(), ObjectSize.LARGE, MIDDLE, MIDDLE);
    Scene alone = new Scene(random.pick(PLAIN), List.of(object));
    return new Subject(name, alone, target);
  }

  /** What the object is called, such as {@code a red star}. */
  public String description() {
    return ObjectPhrase.of(object).text();
  }
}
