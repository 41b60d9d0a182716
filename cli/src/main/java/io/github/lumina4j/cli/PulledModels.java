package io.github.lumina4j.cli;

import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.hub.HubCache;
import io.github.lumina4j.hub.ModelHub;
import io.github.lumina4j.hub.RepoReference;
import io.github.lumina4j.model.CheckpointFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The models that {@code ORG/NAME} and {@code ORG/NAME@REVISION} stand for. */
final class PulledModels {
  private final Environment environment;

  PulledModels(Environment environment) {
    this.environment = environment;
  }

  /** The folder of a pulled model; empty if the text is a path, or nothing of it was pulled. */
  Optional<Path> folder(String text) {
    return reference(text).flatMap(cache()::find);
  }

  /** The only image tokenizer in a pulled model; otherwise as {@link #folder}. */
  Optional<Path> imageTokenizer(String text) {
    return folder(text)
        .map(
            folder -> {
              List<Path> files = CheckpointFolder.imageTokenizers(folder);
              if (files.size() != 1) {
                throw new CheckpointException(
                    text
                        + (files.isEmpty()
                            ? ": no image tokenizer (movqgan*) in it"
                            : ": several image tokenizers in it; name one of "
                                + String.join(", ", files.stream().map(Path::toString).toList())));
              }
              return files.get(0);
            });
  }

  /**
   * Passes a text that is a path, or names a pulled model.
   *
   * @throws CheckpointException if it can only be the name of a model that is to be pulled first
   */
  void require(String text) {
    if (reference(text).isPresent() && folder(text).isEmpty()) {
      RepoReference model = reference(text).orElseThrow();
      throw new CheckpointException(
          text
              + ": no such folder, and no such model in "
              + cache().folder()
              + "; 'lumina pull "
              + model.repo()
              + model.revision().map(name -> " --revision " + name).orElse("")
              + "' fetches it");
    }
  }

  /** A model's name, if the text can be one and is no path. */
  private static Optional<RepoReference> reference(String text) {
    return RepoReference.tryParse(text).filter(model -> !Files.exists(Path.of(text)));
  }

  private HubCache cache() {
    return ModelHub.of(environment.variables()).cache();
  }
}
