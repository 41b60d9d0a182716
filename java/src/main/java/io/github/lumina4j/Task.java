package io.github.lumina4j;

import io.github.lumina4j.image.Panels;
import io.github.lumina4j.text.FilledTemplate;
import io.github.lumina4j.text.PromptTemplate;
import io.github.lumina4j.text.PromptTemplate.Place;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What the model is asked to do, as data: the sentence, and which pictures and words it needs. The
 * known ones are in {@link Tasks}; {@link #withTemplate} changes the sentence of any.
 *
 * @param name lower-case words joined by {@code -}, such as {@code i2i-depth}
 * @param aliases other names that {@link Tasks#byName} accepts
 * @param title one line for a list of tasks
 * @param template the sentence; places: {@code {w}} and {@code {h}} (pixels of the whole picture,
 *     both panels), {@code {prompt}}, {@code {description}}; braces are doubled to stand for
 *     themselves
 * @param panels 1, or 2 for an upper and a lower half of equal size
 * @param given which part of the picture the caller supplies
 * @param output which part of the picture is the answer
 * @param prompt whether a prompt is needed
 * @param description whether a description of the given picture is needed
 * @param source where the wording comes from
 * @param status how sure it is that a released model knows this wording
 */
public record Task(
    String name,
    List<String> aliases,
    String title,
    String template,
    int panels,
    Given given,
    Output output,
    Need prompt,
    Need description,
    String source,
    Status status) {

  /** The part of the picture that the caller supplies. */
  public enum Given {
    /** Nothing: the model draws the whole picture. */
    NONE,
    /** The upper half: the model draws the lower one. */
    UPPER
  }

  /** The part of the picture that is the answer. */
  public enum Output {
    WHOLE,
    UPPER,
    LOWER
  }

  /** Whether a text has to be given. */
  public enum Need {
    /** It has no place in this task. */
    NONE,
    OPTIONAL,
    REQUIRED
  }

  /** How sure the wording is. */
  public enum Status {
    /** The released program uses it. */
    CONFIRMED,
    /** Put together from confirmed wordings. */
    BY_ANALOGY,
    /** The wording the model was trained with is not known, or the released program has another. */
    NOT_CONFIRMED;

    /** The word for it in lists and messages, such as {@code by analogy}. */
    public String words() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

  /**
   * Checks that the parts agree with each other.
   *
   * @throws IllegalArgumentException if they do not; the message says what
   */
  public Task {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(aliases, "aliases");
    Objects.requireNonNull(template, "template");
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(given, "given");
    Objects.requireNonNull(output, "output");
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(status, "status");
    aliases = List.copyOf(aliases);
    checkName(name);
    aliases.forEach(Task::checkName);
    if (panels != 1 && panels != 2) {
      throw new IllegalArgumentException("task " + name + ": panels is " + panels + ", not 1 or 2");
    }
    if (panels == 1 && (given != Given.NONE || output != Output.WHOLE)) {
      throw new IllegalArgumentException("task " + name + ": one panel has no halves");
    }
    checkPlaces(name, PromptTemplate.parse(template), prompt, description);
  }

  /** Whether a picture has to be given. */
  public boolean needsImage() {
    return given != Given.NONE;
  }

  /**
   * The part of a whole picture that is the answer.
   *
   * @throws IllegalArgumentException if it has no two equal panels where the task needs them
   */
  public RgbImage answer(RgbImage whole) {
    Objects.requireNonNull(whole, "whole");
    return switch (output) {
      case WHOLE -> whole;
      case UPPER -> Panels.upperHalf(whole);
      case LOWER -> Panels.lowerHalf(whole);
    };
  }

  /**
   * The size of the whole picture whose answer has the size {@code answer}: what users ask for who
   * do not think of panels.
   *
   * @throws IllegalArgumentException if there is no such picture; the message names the nearest
   *     sizes
   */
  public ImageSize wholeSize(ImageSize answer) {
    Objects.requireNonNull(answer, "answer");
    int parts = output == Output.WHOLE ? 1 : panels;
    answer.requireMultipleOf(ImageSize.GRID_UNIT, ImageSize.GRID_UNIT * panels / parts);
    return new ImageSize(answer.width(), answer.height() * parts);
  }

  /** This task for a prompt that may be empty, as captions of training data are. */
  public Task withOptionalPrompt() {
    if (prompt != Need.REQUIRED) {
      return this;
    }
    return new Task(
        name,
        aliases,
        title,
        template,
        panels,
        given,
        output,
        Need.OPTIONAL,
        description,
        source,
        status);
  }

  /**
   * This task with another sentence. Its status becomes {@link Status#NOT_CONFIRMED}.
   *
   * @throws IllegalArgumentException if the template has an unknown placeholder, lacks one for a
   *     text the task requires, or has one for a text the task does not take
   */
  public Task withTemplate(String newTemplate) {
    Objects.requireNonNull(newTemplate, "newTemplate");
    return new Task(
        name,
        aliases,
        title,
        newTemplate,
        panels,
        given,
        output,
        prompt,
        description,
        "template given by the caller",
        Status.NOT_CONFIRMED);
  }

  /**
   * The sentence for one picture, with the user's words marked.
   *
   * @param width of the whole picture in pixels
   * @param height of the whole picture in pixels, both panels together
   * @param promptText what the user asks for; null or blank for none
   * @param descriptionText what the given picture shows; null or blank for none
   * @throws IllegalArgumentException if a required text is missing, a text is given that has no
   *     place in the template, or the size is not positive
   */
  public FilledTemplate fill(int width, int height, String promptText, String descriptionText) {
    if (width <= 0 || height <= 0) {
      throw new IllegalArgumentException("picture size " + width + "x" + height);
    }
    PromptTemplate parsed = PromptTemplate.parse(template);
    Map<Place, String> values = new EnumMap<>(Place.class);
    values.put(Place.WIDTH, Integer.toString(width));
    values.put(Place.HEIGHT, Integer.toString(height));
    values.put(Place.PROMPT, words(parsed, Place.PROMPT, prompt, promptText));
    values.put(Place.DESCRIPTION, words(parsed, Place.DESCRIPTION, description, descriptionText));
    return parsed.fill(values);
  }

  /** The text of {@link #fill}. */
  public String write(int width, int height, String promptText, String descriptionText) {
    return fill(width, height, promptText, descriptionText).text();
  }

  private String words(PromptTemplate parsed, Place place, Need need, String text) {
    if (text == null || text.isBlank()) {
      if (need == Need.REQUIRED) {
        throw new IllegalArgumentException("task " + name + " needs a " + place.id());
      }
      return "";
    }
    if (!parsed.places().contains(place)) {
      throw new IllegalArgumentException("task " + name + " takes no " + place.id());
    }
    return text;
  }

  private static void checkName(String name) {
    if (!NAME.matcher(Objects.requireNonNull(name, "name")).matches()) {
      throw new IllegalArgumentException(
          "task name '" + name + "': lower-case letters and digits joined by '-' are needed");
    }
  }

  private static void checkPlaces(
      String name, PromptTemplate template, Need prompt, Need description) {
    Map<Place, Need> needs = Map.of(Place.PROMPT, prompt, Place.DESCRIPTION, description);
    for (Place place : List.of(Place.PROMPT, Place.DESCRIPTION)) {
      boolean present = template.places().contains(place);
      if (needs.get(place) == Need.REQUIRED && !present) {
        throw new IllegalArgumentException(
            "template of task " + name + ": {" + place.id() + "} is missing");
      }
      if (needs.get(place) == Need.NONE && present) {
        throw new IllegalArgumentException(
            "template of task "
                + name
                + ": {"
                + place.id()
                + "} has no use, the task takes no "
                + place.id());
      }
    }
  }
}
