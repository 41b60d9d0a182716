package io.github.lumina4j.demo.book;

import java.util.ArrayList;
import java.util.List;

/**
 * A scene and edits of it, one after the other.
 *
 * @param before the scene at first
 * @param edits in order; each applies to the scene that the ones before it leave
 */
public record BookEditChain(BookScene before, List<BookEdit> edits) {
  private static final List<String> JOINTS = List.of(" and ", " and then ", ", then ", ", and ");

  public BookEditChain {
    edits = List.copyOf(edits);
  }

  /**
   * The scene after all edits.
   *
   * @throws IllegalArgumentException if an edit does not fit its scene
   */
  public BookScene after() {
    BookScene scene = before;
    for (BookEdit edit : edits) {
      scene = edit.apply(scene);
    }
    return scene;
  }

  /** This chain with one edit more. */
  BookEditChain then(BookEdit edit) {
    List<BookEdit> longer = new ArrayList<>(edits);
    longer.add(edit);
    return new BookEditChain(before, longer);
  }

  /** The instructions one by one, each in the same phrasing. */
  public List<String> instructions(Phrasing phrasing) {
    List<String> instructions = new ArrayList<>();
    BookScene scene = before;
    for (BookEdit edit : edits) {
      instructions.add(edit.instruction(phrasing, scene));
      scene = edit.apply(scene);
    }
    return instructions;
  }

  /** All edits in one instruction, such as {@code make the red car green and add a fox}. */
  public String instruction(Phrasing phrasing) {
    String joint = phrasing.pick(JOINTS);
    return phrasing.finish(String.join(joint, instructions(phrasing)));
  }
}
