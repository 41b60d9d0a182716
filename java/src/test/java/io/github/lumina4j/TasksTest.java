package io.github.lumina4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The rows of tasks.json: wording to the letter, names, and what each needs. */
class TasksTest {
  // Filled with 512x1024, the prompt "P" and, where one is needed, the description "D".
  private static final Map<String, String> WORDING =
      Map.ofEntries(
          Map.entry("t2i", "Generate an image of 512x1024 according to the following prompt:\nP"),
          Map.entry("pair-depth", pair("depth map")),
          Map.entry("pair-canny", pair("canny edge map")),
          Map.entry("pair-hed", pair("hed edge map")),
          Map.entry("pair-openpose", pair("pose estimation map")),
          Map.entry("pair-segmentation", pair("segmentation map")),
          Map.entry("i2i-depth", controlled("depth map")),
          Map.entry("i2i-canny", controlled("canny edge map")),
          Map.entry("i2i-hed", controlled("hed edge map")),
          Map.entry("i2i-openpose", controlled("pose estimation map")),
          Map.entry("subject", controlled("D")),
          Map.entry(
              "subject-paper",
              "Generate a dual-panel image of 512×1024 where the <upper half> displays: D, while"
                  + " the <lower half> shows the image according to the object and following"
                  + " prompt: P."),
          Map.entry("dense-depth", pair("depth map")),
          Map.entry("dense-canny", pair("canny edge map")),
          Map.entry("dense-hed", pair("hed edge map")),
          Map.entry("dense-openpose", pair("pose estimation map")),
          Map.entry("dense-segmentation", pair("segmentation map")),
          Map.entry(
              "edit",
              "Generate a dual-panel image of 512x1024 where the <upper half> displays the"
                  + " original image, while the <lower half> shows the image edited according to"
                  + " the following prompt:\nP"));

  private static String pair(String map) {
    return "Generate a dual-panel image of 512x1024 where the <lower half> displays a <"
        + map
        + ">, while the <upper half> retains the original image for direct visual comparison:\nP";
  }

  private static String controlled(String map) {
    return "Generate a dual-panel image of 512x1024 where the <upper half> displays a <"
        + map
        + ">, while the <lower half> retains the original image for direct visual comparison:\nP";
  }

  @Test
  void everyTaskHasTheWordingOfItsSource() {
    assertThat(Tasks.builtIn()).extracting(Task::name).hasSize(WORDING.size());
    for (Task task : Tasks.builtIn()) {
      String description = task.description() == Task.Need.REQUIRED ? "D" : null;
      assertThat(task.write(512, 1024, "P", description))
          .as(task.name())
          .isEqualTo(WORDING.get(task.name()));
    }
  }

  @Test
  void theReferenceNamesArePairs() {
    for (String map : List.of("depth", "canny", "hed", "openpose")) {
      assertThat(Tasks.byName(map)).isSameAs(Tasks.byName("pair-" + map));
    }
    assertThat(Tasks.byName("i2i-subject")).isSameAs(Tasks.byName("subject"));
  }

  @Test
  void halvesAndNeeds() {
    for (Task task : Tasks.builtIn()) {
      boolean image = !task.name().equals("t2i") && !task.name().startsWith("pair-");
      assertThat(task.needsImage()).as(task.name()).isEqualTo(image);
      assertThat(task.given())
          .as(task.name())
          .isEqualTo(image ? Task.Given.UPPER : Task.Given.NONE);
      assertThat(task.output())
          .as(task.name())
          .isEqualTo(image ? Task.Output.LOWER : Task.Output.WHOLE);
      assertThat(task.panels()).as(task.name()).isEqualTo(task.name().equals("t2i") ? 1 : 2);
      assertThat(task.prompt())
          .as(task.name())
          .isEqualTo(task.name().startsWith("dense-") ? Task.Need.OPTIONAL : Task.Need.REQUIRED);
      assertThat(task.source()).as(task.name()).isNotBlank();
    }
  }

  @Test
  void whatIsNotKnownIsSaid() {
    assertThat(Tasks.byName("edit").status()).isEqualTo(Task.Status.NOT_CONFIRMED);
    assertThat(Tasks.byName("dense-depth").status()).isEqualTo(Task.Status.BY_ANALOGY);
    assertThat(Tasks.byName("i2i-hed").status()).isEqualTo(Task.Status.BY_ANALOGY);
    assertThat(Tasks.byName("i2i-depth").status()).isEqualTo(Task.Status.CONFIRMED);
    assertThat(Task.Status.BY_ANALOGY.words()).isEqualTo("by analogy");
  }

  @Test
  void unknownNameListsTheKnownOnes() {
    assertThatThrownBy(() -> Tasks.byName("lineart"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("unknown task 'lineart'; known: t2i, pair-depth, ")
        .hasMessageEndingWith(", edit");
    assertThatThrownBy(() -> Tasks.byName(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> Tasks.byName("T2I")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aNewTaskIsANewRow() throws IOException {
    assertThat(read(row("mine", "none", "{prompt}!")))
        .singleElement()
        .satisfies(task -> assertThat(task.write(64, 32, "P", null)).isEqualTo("P!"));
  }

  @Test
  void contradictingRowsAreRefused() {
    assertThatThrownBy(
            () -> read(row("a", "none", "{prompt}") + "," + row("a", "none", "{prompt}")))
        .hasMessage("two tasks are called 'a'");
    assertThatThrownBy(() -> read(row("a", "upper", "{prompt}")))
        .hasMessage("task a: one panel has no halves");
    assertThatThrownBy(() -> read(row("a", "left", "{prompt}")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> read(row("A b", "none", "{prompt}"))).hasMessageContaining("'A b'");
    assertThatThrownBy(() -> read(row("a", "none", "nothing")))
        .hasMessage("template of task a: {prompt} is missing");
    assertThatThrownBy(() -> read("{}, 3")).isInstanceOf(Exception.class);
  }

  private static String row(String name, String given, String template) {
    return """
    {"name": "%s", "aliases": [], "title": "", "template": "%s", "panels": 1, "given": "%s",
     "output": "whole", "prompt": "required", "description": "none", "source": "",
     "status": "confirmed"}\
    """
        .formatted(name, template, given);
  }

  private static List<Task> read(String rows) throws IOException {
    return Tasks.read(
        new ByteArrayInputStream(("[" + rows + "]").getBytes(StandardCharsets.UTF_8)));
  }
}
