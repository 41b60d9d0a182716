package io.github.lumina4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.text.FilledTemplate;
import io.github.lumina4j.text.FilledTemplate.UserText;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Filling a task's sentence and replacing it. */
class TaskTest {
  private static final Task T2I = Tasks.byName("t2i");
  private static final Task SUBJECT = Tasks.byName("subject");

  @Test
  void theUsersWordsAreMarked() {
    var filled = SUBJECT.fill(512, 1024, "on a beach", "red ball");
    assertThat(filled.userTexts())
        .extracting(part -> part.name() + "=" + filled.text().substring(part.start(), part.end()))
        .containsExactly("description=red ball", "prompt=on a beach");
    assertThat(T2I.withTemplate("A 猫: {prompt}.").fill(256, 256, "P", null).userTexts())
        .containsExactly(new UserText("prompt", 5, 6));
  }

  @Test
  void partsOutsideTheSentenceAreRefused() {
    for (UserText part : List.of(new UserText("prompt", 1, 4), new UserText("prompt", 5, 5))) {
      assertThatThrownBy(() -> new FilledTemplate("abc", List.of(part)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    UserText whole = new UserText("prompt", 0, 3);
    assertThatThrownBy(() -> new FilledTemplate("abc", List.of(whole, whole)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new UserText("prompt", 2, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void wordsAreNeverReadAsPlaces() {
    assertThat(T2I.write(768, 256, "{w}{h}{prompt}{{", null))
        .isEqualTo(
            "Generate an image of 768x256 according to the following prompt:\n{w}{h}{prompt}{{");
  }

  @Test
  void missingAndSurplusTextsAreRefused() {
    assertThatThrownBy(() -> T2I.write(256, 256, null, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("task t2i needs a prompt");
    assertThatThrownBy(() -> T2I.write(256, 256, " \n", null))
        .hasMessage("task t2i needs a prompt");
    assertThatThrownBy(() -> T2I.write(256, 256, "P", "D"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("task t2i takes no description");
    assertThatThrownBy(() -> SUBJECT.write(256, 256, "P", null))
        .hasMessage("task subject needs a description");
    assertThatThrownBy(() -> T2I.write(0, 256, "P", null)).hasMessage("picture size 0x256");
  }

  @Test
  void anOptionalPromptMayBeMissing() {
    assertThat(Tasks.byName("dense-depth").write(512, 1024, null, null)).endsWith("comparison:\n");
  }

  @Test
  void anotherTemplate() {
    Task task = T2I.withTemplate("{prompt} in {w} by {h}, {{so}}");
    assertThat(task.write(32, 64, "P", null)).isEqualTo("P in 32 by 64, {so}");
    assertThat(task.status()).isEqualTo(Task.Status.NOT_CONFIRMED);
    assertThat(task.name()).isEqualTo("t2i");
    assertThat(T2I.withTemplate("No size: {prompt}").write(32, 64, "P", null))
        .isEqualTo("No size: P");
    assertThat(Tasks.byName("edit").withTemplate("{description}: {prompt}").write(32, 64, "P", "D"))
        .isEqualTo("D: P");
  }

  @Test
  void badTemplatesAreRefused() {
    assertThatThrownBy(() -> T2I.withTemplate("{prompt} {seed}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "template: unknown placeholder {seed}; known: {w}, {h}, {prompt}, {description}");
    assertThatThrownBy(() -> T2I.withTemplate("{w}x{h}"))
        .hasMessage("template of task t2i: {prompt} is missing");
    assertThatThrownBy(() -> SUBJECT.withTemplate("{prompt}"))
        .hasMessage("template of task subject: {description} is missing");
    assertThatThrownBy(() -> T2I.withTemplate("{prompt} {description}"))
        .hasMessage(
            "template of task t2i: {description} has no use, the task takes no description");
    assertThatThrownBy(() -> T2I.withTemplate("🐈{prompt"))
        .hasMessage(
            "template: '{' at character 2 has no partner; write it twice for a plain brace");
    assertThatThrownBy(() -> T2I.withTemplate("{prompt} }"))
        .hasMessage(
            "template: '}' at character 10 has no partner; write it twice for a plain brace");
    assertThatThrownBy(() -> T2I.withTemplate(" ")).hasMessage("template: empty");
  }

  @Test
  void theWholeOfAnAnswerHasRoomForTheGivenPanel() {
    ImageSize answer = new ImageSize(96, 32);
    assertThat(T2I.wholeSize(answer)).isEqualTo(answer);
    assertThat(Tasks.byName("edit").wholeSize(answer)).isEqualTo(new ImageSize(96, 64));
    // The answer is both panels: nothing is added, and its height is that of two.
    Task pair = Tasks.byName("pair-depth");
    assertThat(pair.wholeSize(new ImageSize(96, 64))).isEqualTo(new ImageSize(96, 64));
    assertThatThrownBy(() -> pair.wholeSize(answer))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nearest: 96x64");
    assertThatThrownBy(() -> Tasks.byName("edit").wholeSize(new ImageSize(96, 40)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nearest: 96x32 or 96x64");
  }
}
