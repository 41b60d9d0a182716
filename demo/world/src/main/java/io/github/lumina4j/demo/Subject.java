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

  /** A scene, and one of its objects, which the caption names by colour and shape. */
  static Subject draw(SplitMix random, CaptionMixture captions) {
    CaptionedScene target = captions.drawColored(random);
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
