package io.github.lumina4j.cli;

import io.github.lumina4j.Task;
import io.github.lumina4j.Tasks;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/** The names of the tasks that a command takes, for its help and for completion. */
final class TaskNames {
  private TaskNames() {}

  /** Tasks that need no given picture. */
  static final class FromText implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return names(false);
    }
  }

  /** Tasks that need a given picture. */
  static final class FromPicture implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return names(true);
    }
  }

  /** The task, known to need a given picture or not to. */
  static Task byName(String name, boolean fromPicture) {
    Task task = Tasks.byName(name, fromPicture);
    if (task.needsImage() != fromPicture) {
      throw new IllegalArgumentException(
          fromPicture
              ? "task "
                  + task.name()
                  + " takes no given picture: use 'lumina generate'"
                  + others(name)
              : "task " + task.name() + " needs a given picture: use 'lumina edit'");
    }
    return task;
  }

  /** Of a pair of picture and map: the tasks that have the same map of, or for, a given picture. */
  private static String others(String name) {
    String map = name.replaceFirst("^pair-", "");
    List<String> others =
        Tasks.builtIn().stream()
            .map(Task::name)
            .filter(other -> other.equals("i2i-" + map) || other.equals("dense-" + map))
            .toList();
    return others.isEmpty() ? "" : ", or with the picture " + String.join(" or ", others);
  }

  private static Iterator<String> names(boolean fromPicture) {
    return Tasks.builtIn().stream()
        .filter(task -> task.needsImage() == fromPicture)
        .map(Task::name)
        .collect(Collectors.toList())
        .iterator();
  }
}
