package io.github.lumina4j.cli;

import io.github.lumina4j.BestOfN;
import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.GenerationCancelledException;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.Generator;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.Seeds;
import io.github.lumina4j.Verifier;
import io.github.lumina4j.image.ImageFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
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
   * @param candidates all of them with their scores, if there was a choice
   */
  record Chosen(GenerationResult result, UsedBestOf used, Optional<BestOfN> candidates) {
    /** Writes a sheet of the candidates, if there are any, beside the picture's file. */
    void writeSheet(Path picture) {
      candidates.ifPresent(all -> ImageFiles.write(sheetFile(picture), CandidateSheet.of(all)));
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

  /** Where a candidate goes that nobody chose among, because the verifier failed. */
  static Path candidateFile(Path picture, GenerationResult candidate) {
    return OutputNames.marked(picture, "-" + Seeds.text(candidate.request().sampling().seed()));
  }

  /**
   * Makes the candidates and chooses. A verifier that fails stops it; no picture that was drawn is
   * lost by that.
   *
   * @param generator draws with the model of {@code session}
   * @param unchosen takes the candidates that were drawn before the verifier failed
   */
  Chosen draw(
      Backend.Session session,
      Generator generator,
      GenerationRequest request,
      CancellationToken cancellation,
      Consumer<GenerationResult> unchosen) {
    if (count == 1) {
      return new Chosen(generator.generate(request, null, cancellation), null, Optional.empty());
    }
    Scoring scoring = new Scoring(verifier.apply(session));
    try (CancellationToken.Registration outer = cancellation.onCancel(scoring.stop::cancel)) {
      BestOfN all = BestOfN.draw(generator, request, count, scoring, null, scoring.stop);
      if (scoring.failure != null) {
        throw scoring.failure;
      }
      return new Chosen(
          all.best().result(),
          new UsedBestOf(count, request.sampling().seed(), all.best().score()),
          Optional.of(all));
    } catch (RuntimeException e) {
      if (scoring.failure == null) {
        throw e;
      }
      scoring.drawn.forEach(unchosen);
      throw scoring.failure;
    }
  }

  /**
   * Keeps what was drawn, and lets pictures that were drawn together still come after a failure.
   */
  private static final class Scoring implements Verifier {
    private final Verifier verifier;
    private final List<GenerationResult> drawn = new ArrayList<>();
    private final CancellationToken stop = new CancellationToken();
    private RuntimeException failure;

    Scoring(Verifier verifier) {
      this.verifier = verifier;
    }

    @Override
    public double score(GenerationResult result, CancellationToken cancellation) {
      drawn.add(result);
      if (failure != null) {
        return 0;
      }
      try {
        double score = verifier.score(result, cancellation);
        if (Double.isFinite(score)) {
          return score;
        }
        failure = new LuminaException(ErrorCode.NUMERICAL, "the verifier's score is " + score);
      } catch (GenerationCancelledException e) {
        throw e;
      } catch (RuntimeException e) {
        failure = e;
      }
      stop.cancel();
      return 0;
    }
  }
}
