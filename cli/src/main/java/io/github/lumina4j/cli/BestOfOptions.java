package io.github.lumina4j.cli;

import io.github.lumina4j.Verifier;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How many candidates of each picture to make, and who scores them. */
final class BestOfOptions {
  @Option(
      names = "--best-of",
      paramLabel = "N",
      description =
          "Make N candidates of each picture, with the seeds seed, seed + 1, ..., and keep the one "
              + "with the highest score; all of them go, with their scores, to FILE-candidates.png.")
  private Integer count;

  @Mixin private VerifierOptions verifier;

  /**
   * What is asked for; {@link BestOf#NONE} if nothing.
   *
   * @throws IllegalArgumentException if a part is missing or out of its range
   */
  BestOf bestOf() {
    if (count == null) {
      if (verifier.given()) {
        throw new IllegalArgumentException("--verifier needs --best-of");
      }
      return BestOf.NONE;
    }
    if (verifier.text() == null) {
      throw new IllegalArgumentException("--best-of needs --verifier, which scores the candidates");
    }
    return BestOf.of(count, verifier());
  }

  /** As {@link VerifierOptions#verifier}. */
  Function<Backend.Session, Verifier> verifier() {
    return verifier.verifier();
  }

  /** As {@link VerifierOptions#text}. */
  String text() {
    return verifier.text();
  }
}
