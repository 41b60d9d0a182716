package io.github.lumina4j;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The built-in tasks: the rows of the resource {@code tasks.json}. A new task is a new row there.
 *
 * <p>The reference's names work as well: its {@code --task depth}, {@code canny}, {@code hed} and
 * {@code openpose} (a text becomes picture and map) are aliases of {@code pair-depth} and so on;
 * its {@code --task i2i --i2i_task depth} is {@code i2i-depth}.
 */
public final class Tasks {
  private static final String RESOURCE = "tasks.json";

  // One row of the resource, before its words become enum values.
  private record Row(
      String name,
      List<String> aliases,
      String title,
      String template,
      int panels,
      String given,
      String output,
      String prompt,
      String description,
      String source,
      String status) {}

  // Loads the resource on first use.
  private static final class BuiltIn {
    static final List<Task> TASKS = load();
    static final Map<String, Task> BY_NAME = index(TASKS);

    private static List<Task> load() {
      try (InputStream in = Tasks.class.getResourceAsStream(RESOURCE)) {
        if (in == null) {
          throw new LuminaException(ErrorCode.INTERNAL, "resource missing: " + RESOURCE);
        }
        return read(in);
      } catch (IOException | IllegalArgumentException e) {
        throw new LuminaException(ErrorCode.INTERNAL, RESOURCE + ": " + e.getMessage(), e);
      }
    }
  }

  private Tasks() {}

  /** All built-in tasks, in the order of the resource. */
  public static List<Task> builtIn() {
    return BuiltIn.TASKS;
  }

  /**
   * The built-in task of that name or alias.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  public static Task byName(String name) {
    Task task = BuiltIn.BY_NAME.get(Objects.requireNonNull(name, "name"));
    if (task == null) {
      List<String> names = BuiltIn.TASKS.stream().map(Task::name).toList();
      throw new IllegalArgumentException(
          "unknown task '" + name + "'; known: " + String.join(", ", names));
    }
    return task;
  }

  /**
   * The built-in task that a name means where a picture is given, or where none is: the reference's
   * {@code depth}, {@code canny}, {@code hed} and {@code openpose} stand for {@code i2i-depth} and
   * so on with a picture, and for {@code pair-depth} and so on without.
   *
   * @return the task of that name otherwise, which may need a picture although none is given, or
   *     the other way round
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  public static Task byName(String name, boolean withPicture) {
    Task task = byName(name);
    boolean alias = !name.equals(task.name());
    Task fromPicture = BuiltIn.BY_NAME.get("i2i-" + name);
    return withPicture && alias && !task.needsImage() && fromPicture != null ? fromPicture : task;
  }

  /**
   * Reads rows of tasks: a JSON array of objects.
   *
   * @throws IOException if it is not such an array
   * @throws IllegalArgumentException if a row contradicts itself or a name is taken twice
   */
  static List<Task> read(InputStream json) throws IOException {
    List<Task> tasks = new ArrayList<>();
    for (Row row : new ObjectMapper().readValue(json, Row[].class)) {
      tasks.add(
          new Task(
              row.name,
              row.aliases,
              row.title,
              row.template,
              row.panels,
              word(Task.Given.class, row.given),
              word(Task.Output.class, row.output),
              word(Task.Need.class, row.prompt),
              word(Task.Need.class, row.description),
              row.source,
              word(Task.Status.class, row.status)));
    }
    index(tasks);
    return List.copyOf(tasks);
  }

  private static Map<String, Task> index(List<Task> tasks) {
    Map<String, Task> byName = new HashMap<>();
    for (Task task : tasks) {
      List<String> names = new ArrayList<>(task.aliases());
      names.add(task.name());
      for (String name : names) {
        if (byName.put(name, task) != null) {
          throw new IllegalArgumentException("two tasks are called '" + name + "'");
        }
      }
    }
    return byName;
  }

  private static <E extends Enum<E>> E word(Class<E> type, String word) {
    if (word == null) {
      throw new IllegalArgumentException("a row has no " + type.getSimpleName());
    }
    return Enum.valueOf(type, word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
