package io.github.lumina4j.cli;

import io.github.lumina4j.Verifier;
import io.github.lumina4j.verifier.CommandVerifier;
import io.github.lumina4j.verifier.HttpVerifier;
import io.github.lumina4j.verifier.LikelihoodVerifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** Who scores candidates. */
final class VerifierOptions {
  private static final int USUAL_SECONDS = 60;
  private static final String LIKELIHOOD = "likelihood";

  @Option(
      names = "--verifier",
      paramLabel = "COMMAND|URL|likelihood",
      description =
          "Who scores candidates: a shell command, which reads JSON with prompt and picture (a PNG "
              + "file) from standard input and prints a number; or an http(s) address, which is sent "
              + "the same with picture_base64 and answers a number or {\"score\": NUMBER}; or "
              + "likelihood: the model itself, by the mean log-probability of a picture's codes.")
  private String verifier;

  @Option(
      names = "--verifier-seconds",
      paramLabel = "N",
      description = "The longest a score may take (default: 60).")
  private Integer seconds;

  /** Whether any of them is given. */
  boolean given() {
    return verifier != null || seconds != null;
  }

  /**
   * The verifier, for the model that draws; null if none is given.
   *
   * @throws IllegalArgumentException if it cannot be one
   */
  Function<Backend.Session, Verifier> verifier() {
    if (verifier == null) {
      return null;
    }
    if (verifier.equals(LIKELIHOOD)) {
      if (seconds != null) {
        throw new IllegalArgumentException(
            "--verifier-seconds needs a --verifier that is a command or an address");
      }
      return session -> new LikelihoodVerifier(session::logLikelihood);
    }
    Verifier outside = outside();
    return session -> outside;
  }

  private Verifier outside() {
    int most = seconds == null ? USUAL_SECONDS : seconds;
    if (most < 1) {
      throw new IllegalArgumentException("--verifier-seconds must be 1 or more, not " + most);
    }
    Duration limit = Duration.ofSeconds(most);
    if (!verifier.matches("https?://.*")) {
      return new CommandVerifier(verifier, limit);
    }
    try {
      return new HttpVerifier(new URI(verifier), limit);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("--verifier " + verifier + ": " + e.getReason(), e);
    }
  }

  /** The verifier as given; null if none is. */
  String text() {
    return verifier;
  }
}
