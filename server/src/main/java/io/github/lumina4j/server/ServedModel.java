package io.github.lumina4j.server;

import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.Generator;
import io.github.lumina4j.LuminaPipeline;
import io.github.lumina4j.model.GenerationDefaults;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * The model that a server draws with.
 *
 * @param name what clients call it
 * @param defaults what it draws best with
 * @param generator draws; called from one thread, one request after the other, and the caller's to
 *     close. Clients that want to see pictures grow come with a {@link
 *     io.github.lumina4j.PreviewListener}; one that has no previews to give ignores that
 * @param notes text that goes into the PNG of a result, keyword to text
 */
public record ServedModel(
    String name,
    GenerationDefaults defaults,
    Generator generator,
    Function<GenerationResult, Map<String, String>> notes) {

  public ServedModel {
    Objects.requireNonNull(defaults, "defaults");
    Objects.requireNonNull(generator, "generator");
    Objects.requireNonNull(notes, "notes");
    if (name.isBlank()) {
      throw new IllegalArgumentException("a model needs a name");
    }
  }

  /** A loaded model. The pipeline stays the caller's: close it after the server. */
  public static ServedModel of(String name, LuminaPipeline pipeline) {
    GenerationDefaults defaults =
        Optional.ofNullable(pipeline.modelInfo().defaults()).orElse(GenerationDefaults.NONE);
    return new ServedModel(name, defaults, pipeline, result -> Map.of());
  }
}
