package io.github.lumina4j.cli;

import io.github.lumina4j.BestOfN;
import io.github.lumina4j.BestOfN.Candidate;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.Seeds;
import io.github.lumina4j.image.BitmapFont;
import io.github.lumina4j.image.Panels;
import java.util.List;
import java.util.Locale;

/** A contact sheet of candidates: seed and score below each, the best one in a green frame. */
final class CandidateSheet {
  private static final int COLUMNS = 4;
  private static final int FRAME = 3;
  private static final int MARGIN = 4;
  private static final int LINE = BitmapFont.HEIGHT + 2;
  private static final int BLACK = 0x202020;
  private static final int GREEN = 0x20a020;
  private static final int WHITE = 0xffffff;

  private CandidateSheet() {}

  static RgbImage of(BestOfN all) {
    Candidate best = all.best();
    List<RgbImage> cells =
        all.candidates().stream().map(candidate -> cell(candidate, candidate == best)).toList();
    return Panels.grid(cells, COLUMNS);
  }

  private static RgbImage cell(Candidate candidate, boolean best) {
    RgbImage picture = candidate.result().mainImage();
    List<String> words =
        List.of(
            "seed " + Seeds.text(candidate.result().request().sampling().seed()),
            "score " + score(candidate.score()));
    int text = words.stream().mapToInt(BitmapFont::width).max().getAsInt();
    int width = Math.max(picture.width() + 2 * FRAME, text) + 2 * MARGIN;
    int height = picture.height() + 2 * FRAME + 3 * MARGIN + words.size() * LINE;
    TextCanvas canvas = new TextCanvas(width, height);
    canvas.fill(
        MARGIN,
        MARGIN,
        picture.width() + 2 * FRAME,
        picture.height() + 2 * FRAME,
        best ? GREEN : WHITE);
    canvas.draw(picture, MARGIN + FRAME, MARGIN + FRAME);
    int top = picture.height() + 2 * FRAME + 2 * MARGIN;
    for (String line : words) {
      canvas.text(line, MARGIN, top, 1, best ? GREEN : BLACK);
      top += LINE;
    }
    return canvas.image();
  }

  /** Four digits that tell scores apart, whatever their size. */
  static String score(double score) {
    return String.format(Locale.ROOT, "%.4g", score);
  }
}
