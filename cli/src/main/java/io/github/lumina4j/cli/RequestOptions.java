package io.github.lumina4j.cli;

import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.ImageSize;
import io.github.lumina4j.Task;
import picocli.CommandLine.Option;

/** What picture to make. */
final class RequestOptions {
  @Option(
      names = "--size",
      paramLabel = "WxH",
      converter = Converters.Size.class,
      description =
          "Size in pixels, multiples of 32. With two panels: of both together, one above the other,"
              + " the height a multiple of 64 (default: what the model asks for; else 768x768 for"
              + " one panel, and for two, panels of about 512x512, shaped like the given picture).")
  private ImageSize size;

  @Option(
      names = "--template",
      paramLabel = "TEXT",
      description =
          "Another sentence for the task, with the places {w}, {h}, {prompt} and {description}; "
              + "'lumina tasks' shows the built-in ones.")
  private String template;

  @Option(
      names = "--allow-partial",
      description = "Keep a picture that ends before its last row, instead of failing.")
  private boolean allowPartial;

  /** The task with the template that was given, if any. */
  Task task(Task builtIn) {
    return template == null ? builtIn : builtIn.withTemplate(template);
  }

  /** Hands on what is given. */
  void apply(GenerationRequest.Builder request) {
    request.allowPartial(allowPartial);
    if (size != null) {
      request.size(size);
    }
  }

  boolean allowPartial() {
    return allowPartial;
  }
}
