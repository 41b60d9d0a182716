package io.github.lumina4j.cli;

import io.github.lumina4j.rewrite.ChatRewriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whether a language model rewrites the prompt, and which. */
final class RewriteOptions {
  /** The variable that holds the API key of the service. */
  static final String KEY_VARIABLE = "LUMINA_REWRITE_API_KEY";

  private static final int MAX_BYTES = 1 << 16;

  @Option(
      names = "--rewrite",
      paramLabel = "URL",
      description =
          "Have a language model put the prompt in better words first, and draw those; the picture "
              + "knows both. The address of a service that speaks OpenAI's chat API, such as "
              + "http://localhost:11434/v1.")
  private String address;

  @Option(
      names = "--rewrite-model",
      paramLabel = "NAME",
      description = "What the service calls the language model.")
  private String model;

  @Option(
      names = "--rewrite-system",
      paramLabel = "FILE",
      description = "What the language model is told, in the place of the built-in instructions.")
  private Path system;

  @Option(
      names = "--rewrite-seconds",
      paramLabel = "N",
      description = "The longest its answer may take (default: 60).")
  private Integer seconds;

  /**
   * What is asked for; empty if nothing.
   *
   * @throws IllegalArgumentException if a part is missing or out of its range
   */
  Optional<Rewrite> rewrite(Environment environment) {
    if (address == null) {
      if (model != null || system != null || seconds != null) {
        throw new IllegalArgumentException("options --rewrite-... need --rewrite URL");
      }
      return Optional.empty();
    }
    if (model == null) {
      throw new IllegalArgumentException("--rewrite needs --rewrite-model");
    }
    if (seconds != null && seconds < 1) {
      throw new IllegalArgumentException("--rewrite-seconds must be 1 or more, not " + seconds);
    }
    ChatRewriter.Builder builder = ChatRewriter.builder(uri(), model);
    if (seconds != null) {
      builder.limit(Duration.ofSeconds(seconds));
    }
    if (system != null) {
      builder.instructions(TextFiles.read(system, MAX_BYTES));
    }
    Optional.of(environment.variable(KEY_VARIABLE).strip())
        .filter(key -> !key.isEmpty())
        .ifPresent(builder::apiKey);
    return Optional.of(new Rewrite(builder.build(), model));
  }

  private URI uri() {
    try {
      return new URI(address);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("--rewrite " + address + ": " + e.getReason(), e);
    }
  }
}
