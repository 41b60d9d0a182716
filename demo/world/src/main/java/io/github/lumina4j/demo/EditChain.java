package io.github.lumina4j.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A scene and edits of it, one after the other.
 *
 * @param before the scene at first
 * @param edits in order; each applies to the scene that the ones before it leave
 */
public record EditChain(Scene before, List<Edit> edits) {
  public EditChain {
    edits = List.copyOf(edits);
  }

  /**
   * The scene after all edits.
   *
   * @throws IllegalArgumentException if an edit does not fit its scene
   */
  public Scene after() {
    Scene scene = before;
    for (Edit edit : edits) {
      scene = edit.apply(scene);
    }
    return scene;
  }

  /** This chain with one edit more. */
  public EditChain then(Edit edit) {
    List<Edit> longer = new ArrayList<>(edits);
    longer.add(edit);
    return new EditChain(before, longer);
  }

  /** All edits in one instruction, such as {@code make the red circle green and add a star}. */
  public String instruction() {
    return edits.stream().map(Edit::instruction).collect(Collectors.joining(" and "));
  }
}
