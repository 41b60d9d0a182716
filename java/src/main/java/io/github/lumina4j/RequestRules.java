package io.github.lumina4j;

import io.github.lumina4j.image.CenterCrop;
import io.github.lumina4j.internal.Texts;
import java.util.Optional;

/** What makes a request valid, and the size it gets when none is asked for. */
final class RequestRules {
  /** The side of a square text-to-image picture, and the target of a given picture's panel. */
  private static final int DEFAULT_SIDE = 768;

  private static final int DEFAULT_PANEL_SIDE = 512;

  private RequestRules() {}

  /** Refuses a number of pictures below 1. */
  static void checkCount(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("the number of pictures must be 1 or more, not " + count);
    }
  }

  static void check(Task task, String prompt, String description, ImageSize size, boolean image) {
    Texts.requireCharacters(prompt, "prompt");
    Texts.requireCharacters(description, "description");
    if (task.prompt() == Task.Need.REQUIRED && prompt.isBlank()) {
      throw new IllegalArgumentException("task " + task.name() + " needs a prompt");
    }
    if (task.description() == Task.Need.REQUIRED && description.isBlank()) {
      throw new IllegalArgumentException(
          "task " + task.name() + " needs a description of the given object");
    }
    if (task.needsImage() && !image) {
      throw new IllegalArgumentException("task " + task.name() + " needs a given picture");
    }
    if (!task.needsImage() && image) {
      throw new IllegalArgumentException("task " + task.name() + " takes no given picture");
    }
    size.requireMultipleOf(32, 32 * task.panels());
    requireNoNul(prompt, "prompt");
    requireNoNul(description, "description");
    requireNoNul(task.template(), "template");
    Texts.requireCharacters(task.template(), "template");
  }

  /** What no file can say about a picture, no picture is drawn for. */
  private static void requireNoNul(String text, String what) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("the " + what + " holds a NUL character");
    }
  }

  /**
   * Square for one panel; two panels one above the other otherwise, shaped like the given picture.
   */
  static ImageSize defaultSize(Task task, Optional<RgbImage> image) {
    if (task.panels() == 1) {
      return new ImageSize(DEFAULT_SIDE, DEFAULT_SIDE);
    }
    ImageSize panel =
        image
            .map(
                picture ->
                    CenterCrop.chooseSize(
                        picture.width(),
                        picture.height(),
                        CenterCrop.cropSizes(DEFAULT_PANEL_SIDE)))
            .orElse(new ImageSize(DEFAULT_PANEL_SIDE, DEFAULT_PANEL_SIDE));
    return new ImageSize(panel.width(), panel.height() * task.panels());
  }
}
