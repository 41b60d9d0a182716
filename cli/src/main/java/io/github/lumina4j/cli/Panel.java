package io.github.lumina4j.cli;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.Task;
import io.github.lumina4j.image.Panels;
import java.util.Locale;

/** The part of a picture that goes to the file. */
enum Panel {
  WHOLE,
  UPPER,
  LOWER;

  /** The word for it in files. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The part that is the answer of {@code task}. */
  static Panel of(Task task) {
    return switch (task.output()) {
      case WHOLE -> WHOLE;
      case UPPER -> UPPER;
      case LOWER -> LOWER;
    };
  }

  /**
   * The panel called {@code id}.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Panel byId(String id) {
    for (Panel panel : values()) {
      if (panel.id().equals(id)) {
        return panel;
      }
    }
    throw new IllegalArgumentException("unknown panel '" + id + "'");
  }

  /** This part of a picture. */
  RgbImage of(RgbImage picture) {
    return switch (this) {
      case WHOLE -> picture;
      case UPPER -> Panels.upperHalf(picture);
      case LOWER -> Panels.lowerHalf(picture);
    };
  }
}
