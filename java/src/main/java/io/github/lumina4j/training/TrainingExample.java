package io.github.lumina4j.training;

import io.github.lumina4j.ImageSize;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.Task;
import io.github.lumina4j.Tasks;
import io.github.lumina4j.image.CenterCrop;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/** What the model learns from: words and the pictures with them (docs/spec/model.md 9.1). */
public sealed interface TrainingExample {
  /** The pictures in their order: panels from top to bottom, or those of a conversation. */
  List<RgbImage> pictures();

  /**
   * A task and its answer.
   *
   * @param prompt what the user asks for; null for none. It may be empty where generation needs
   *     one: captions of real data are, and the sentence around it is learned all the same
   * @param description what the given picture shows; null or blank for none
   * @param pictures as many as the task has panels, from top to bottom, of one size whose sides are
   *     multiples of 32 pixels
   */
  record OfTask(Task task, String prompt, String description, List<RgbImage> pictures)
      implements TrainingExample {
    /**
     * @throws IllegalArgumentException if the pictures are not those that the task needs, or a text
     *     is
     */
    public OfTask {
      pictures = List.copyOf(pictures);
      if (pictures.size() != task.panels()) {
        throw new IllegalArgumentException(
            "task " + task.name() + " has " + task.panels() + " panels, not " + pictures.size());
      }
      ImageSize panel = size(pictures.get(0)).requireMultipleOf(ImageSize.GRID_UNIT);
      for (RgbImage picture : pictures) {
        if (!size(picture).equals(panel)) {
          throw new IllegalArgumentException(
              "panels of " + panel + " and " + size(picture) + " pixels do not make one picture");
        }
      }
      if (prompt != null && prompt.isBlank()) {
        task = task.withOptionalPrompt();
      }
      task.fill(panel.width(), panel.height() * pictures.size(), prompt, description);
    }

    /** The size of the whole picture, all panels together. */
    public ImageSize size() {
      ImageSize panel = size(pictures.get(0));
      return new ImageSize(panel.width(), panel.height() * pictures.size());
    }

    private static ImageSize size(RgbImage picture) {
      return new ImageSize(picture.width(), picture.height());
    }
  }

  /**
   * A conversation. Only what the model says is learned.
   *
   * @param messages of user and model in turn, the user's first; {@code <|image|>} stands for the
   *     next picture
   * @param pictures as many as there are places for; if there is no place at all, they come before
   *     the first message. Sides are multiples of 32 pixels
   */
  record Conversation(List<String> messages, List<RgbImage> pictures) implements TrainingExample {
    /**
     * @throws IllegalArgumentException if the model says nothing, or a picture has another size
     */
    public Conversation {
      messages = List.copyOf(messages);
      pictures = List.copyOf(pictures);
      if (messages.size() < 2) {
        throw new IllegalArgumentException(
            "a conversation needs a message of the user and one of the model");
      }
      for (RgbImage picture : pictures) {
        new ImageSize(picture.width(), picture.height()).requireMultipleOf(ImageSize.GRID_UNIT);
      }
    }
  }

  /** Text to image as in pre-training, where the sentence does not always name the size. */
  final class Captioned {
    /** One in this many sentences names no size. */
    private static final int SIZELESS = 10;

    private static final Task WITH_SIZE = Tasks.byName("t2i");
    private static final Task WITHOUT_SIZE =
        WITH_SIZE.withTemplate("Generate an image according to the following prompt:\n{prompt}");

    private Captioned() {}

    /**
     * A picture and its caption.
     *
     * @param picture of any size; cropped to the size of {@code sizes} nearest in shape
     * @param sizes from {@link CenterCrop#cropSizes}
     * @param seed decides, together with {@code index}, whether the sentence names the size: the
     *     same in every run, and whatever happens to other examples
     * @param index of the example
     */
    public static OfTask of(
        RgbImage picture, String prompt, List<ImageSize> sizes, long seed, long index) {
      Objects.requireNonNull(prompt, "prompt");
      // Mixed before they meet: neighbouring seeds and indexes must not give each other's draws.
      long mixed = new SplittableRandom(seed).nextLong() + index;
      boolean sizeless = new SplittableRandom(mixed).nextInt(SIZELESS) == 0;
      return new OfTask(
          sizeless ? WITHOUT_SIZE : WITH_SIZE,
          prompt,
          null,
          List.of(CenterCrop.varCenterCrop(picture, sizes)));
    }
  }
}
