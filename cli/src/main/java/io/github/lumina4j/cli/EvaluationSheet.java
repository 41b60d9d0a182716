package io.github.lumina4j.cli;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.Scene;
import io.github.lumina4j.demo.check.EvaluationItem;
import io.github.lumina4j.image.BitmapFont;
import io.github.lumina4j.image.Panels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A contact sheet: the first questions of each group with their first answers. What was given is
 * above the answer; failed answers have a red frame and the reason in red. Not thread-safe.
 */
final class EvaluationSheet {
  private static final int PER_GROUP = 20;
  private static final int COLUMNS = 10;
  private static final int LEAST_COLUMNS = 2; // so that headings fit

  private static final int WIDTH = 124;
  private static final int MARGIN = 4;
  private static final int FRAME = 2;
  private static final int LINE = BitmapFont.HEIGHT + 2;
  private static final int MAX_LINES = 5;
  private static final int HEADING = 24;
  private static final int BLACK = 0x202020;
  private static final int GREY = 0xb0b0b0;
  private static final int RED = 0xd02020;

  private final Map<String, List<RgbImage>> cells = new LinkedHashMap<>();

  /** Takes an answer onto the sheet, if it is one of the first. */
  void add(EvaluationItem item, EvaluationAnswer answer, EvaluationOutcome outcome) {
    if (outcome.sample() > 1 || outcome.number() > PER_GROUP) {
      return;
    }
    List<RgbImage> pictures = new ArrayList<>();
    if (item.given() != null) {
      pictures.add(item.given());
    }
    pictures.addAll(answer.pictures());
    // A model that samples the size may make pictures that have no place here.
    pictures.removeIf(p -> p.width() > Scene.PIXELS || p.height() > 2 * Scene.PIXELS);
    String words = String.join(" / ", item.prompts());
    cells
        .computeIfAbsent(item.group(), group -> new ArrayList<>())
        .add(cell(pictures, words.isEmpty() ? item.task() : words, outcome));
  }

  boolean isEmpty() {
    return cells.isEmpty();
  }

  /** The sheet so far; at least one answer is needed. */
  RgbImage image() {
    int largest = cells.values().stream().mapToInt(List::size).max().orElseThrow();
    int columns = Math.max(LEAST_COLUMNS, Math.min(COLUMNS, largest));
    RgbImage sheet = null;
    for (Map.Entry<String, List<RgbImage>> group : cells.entrySet()) {
      TextCanvas heading = new TextCanvas(WIDTH * columns, HEADING);
      heading.text(group.getKey(), MARGIN, HEADING - 2 * BitmapFont.HEIGHT - 2, 2, BLACK);
      List<RgbImage> row = new ArrayList<>(group.getValue());
      while (row.size() < columns) {
        row.add(new TextCanvas(WIDTH, 1).image());
      }
      RgbImage part = Panels.stack(heading.image(), Panels.grid(row, columns));
      sheet = sheet == null ? part : Panels.stack(sheet, part);
    }
    return sheet;
  }

  private static RgbImage cell(List<RgbImage> pictures, String words, EvaluationOutcome outcome) {
    int letters = (WIDTH - 2 * MARGIN) / BitmapFont.ADVANCE;
    List<String> said = TextCanvas.wrap(words, letters, MAX_LINES);
    List<String> reason = TextCanvas.wrap(outcome.reason(), letters, MAX_LINES);
    int shown = pictures.stream().mapToInt(RgbImage::height).sum();
    int height = shown + 2 * (MARGIN + FRAME) + LINE * (said.size() + reason.size()) + MARGIN;
    TextCanvas canvas = new TextCanvas(WIDTH, height);
    int left = (WIDTH - Scene.PIXELS) / 2;
    int top = MARGIN + FRAME;
    canvas.fill(
        left - FRAME,
        top - FRAME,
        Scene.PIXELS + 2 * FRAME,
        shown + 2 * FRAME,
        outcome.passed() ? GREY : RED);
    for (RgbImage picture : pictures) {
      canvas.draw(picture, left, top);
      top += picture.height();
    }
    top += FRAME + MARGIN;
    for (String line : said) {
      canvas.text(line, MARGIN, top, 1, BLACK);
      top += LINE;
    }
    for (String line : reason) {
      canvas.text(line, MARGIN, top, 1, RED);
      top += LINE;
    }
    return canvas.image();
  }
}
