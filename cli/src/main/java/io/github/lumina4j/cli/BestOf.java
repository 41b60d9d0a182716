package io.github.lumina4j.cli;

import io.github.lumina4j.BestOfN;
import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.Generator;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.Verifier;
import io.github.lumina4j.image.ImageFiles;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * How a picture is chosen.
 *
 * @param count candidates, 1 for no choice
 * @param verifier scores them, with the model that made them if it wants to; null if there is no
 *     choice
 */
record BestOf(int count, Function<Backend.Session, Verifier> verifier) {
  /** The first picture is taken. */
  static final BestOf NONE = new BestOf(1, null);

  /**
   * The picture that was chosen.
   *
   * @param used null if there was no choice
   * @param sheet all candidates with their scores, if there was a choice
   */
  record Chosen(GenerationResult result, UsedBestOf used, Optional<RgbImage> sheet) {
    /** Writes the sheet, if there is one, beside the picture's file. */
    void writeSheet(Path picture) {
      sheet.ifPresent(image -> ImageFiles.write(sheetFile(picture), image));
    }
  }

  /**
   * The best of {@code count}.
   *
   * @throws IllegalArgumentException if {@code count} is below 1
   */
  static BestOf of(int count, Function<Backend.Session, Verifier> verifier) {
    if (count < 1) {
      throw new IllegalArgumentException("--best-of must be 1 or more, not " + count);
    }
    return count == 1 ? NONE : new BestOf(count, verifier);
  }

  /** Where the candidates of a picture are shown. */
  static Path sheetFile(Path picture) {
    return OutputNames.marked(picture, "-candidates");
  }

  /** How the records of pictures tell of it before there is a score; null if there is no choice. */
  UsedBestOf used(long firstSeed) {
    return count == 1 ? null : new UsedBestOf(count, firstSeed, null);
  }

  /**
   * Makes the candidates and chooses.
   *
   * @param generator draws with the model of {@code session}
   */
  Chosen draw(
      Backend.Session session,
      Generator generator,
      GenerationRequest request,
      CancellationToken cancellation) {
    if (count == 1) {
      return new Chosen(generator.generate(request, null, cancellation), null, Optional.empty());
    }
    BestOfN all =
        BestOfN.draw(generator, request, count, verifier.apply(session), null, cancellation);
    return new Chosen(
        all.best().result(),
        new UsedBestOf(count, request.sampling().seed(), all.best().score()),
        Optional.of(CandidateSheet.of(all)));
  }
}
