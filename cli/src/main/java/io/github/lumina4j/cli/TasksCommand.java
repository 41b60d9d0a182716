package io.github.lumina4j.cli;

import io.github.lumina4j.Task;
import io.github.lumina4j.Tasks;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code lumina tasks}: what the model can be asked, and how sure the wording is. */
@CommandLine.Command(
    name = "tasks",
    header = "List what the model can be asked.",
    description =
        "Tells for each task the command it belongs to, what it needs, and how sure it is that a"
            + " released model knows its wording.",
    abbreviateSynopsis = true,
    footer = {"", "Examples:", "  lumina tasks", "  lumina tasks i2i-depth"})
final class TasksCommand extends Command {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "Show this task only, with its template.")
  private String name;

  private record Report(List<Task> tasks) {}

  TasksCommand(Environment environment) {
    super(environment);
  }

  @Override
  protected void run() {
    List<Task> tasks = name == null ? Tasks.builtIn() : List.of(Tasks.byName(name));
    if (report().json()) {
      out().println(JsonText.report(new Report(tasks)));
      return;
    }
    for (Task task : tasks) {
      print(task);
      if (name != null) {
        out().println("  template:");
        task.template().lines().forEach(line -> out().println("    " + line));
      }
    }
  }

  private void print(Task task) {
    String aliases = task.aliases().isEmpty() ? "" : " (" + String.join(", ", task.aliases()) + ")";
    out().println(task.name() + aliases);
    out().println("  " + task.title());
    Table table = new Table("ll");
    table.row("command", task.needsImage() ? "lumina edit" : "lumina generate");
    table.row("needs", needs(task));
    table.row("wording", task.status().words() + ": " + task.source());
    table.print(out(), "  ");
  }

  private static String needs(Task task) {
    List<String> needs = new ArrayList<>();
    if (task.needsImage()) {
      needs.add("picture");
    }
    add(needs, "prompt", task.prompt());
    add(needs, "description", task.description());
    return String.join(", ", needs);
  }

  private static void add(List<String> needs, String what, Task.Need need) {
    if (need != Task.Need.NONE) {
      needs.add(need == Task.Need.OPTIONAL ? what + " (optional)" : what);
    }
  }
}
