package io.github.lumina4j.cli;

import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.SamplingOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A request as it is kept in PNG files, token files and reports: everything that decides the
 * picture, nothing that changes from run to run. Fields that do not apply are null and left out.
 * Files are known by their last name only: the rest is the business of the machine that made it.
 *
 * @param software program and version
 * @param template the sentence, with its places
 * @param image the given picture
 * @param width of the whole picture, both panels included, in pixels
 * @param panel what the picture file holds: {@code whole}, {@code upper} or {@code lower}
 * @param speculate how several codes were decided per pass; null if one at a time
 * @param lora the adapters of the model; null if it has none
 * @param turn of an editing session; null if the picture is none of its
 * @param bestOf how the picture was chosen; null if it is the only one
 */
record RequestRecord(
    String software,
    String task,
    String template,
    String prompt,
    String description,
    String image,
    int width,
    int height,
    String panel,
    long seed,
    double cfg,
    String cfgSchedule,
    int topK,
    int textTopK,
    double temperature,
    String sampling,
    UsedDecoding speculate,
    boolean allowPartial,
    String model,
    List<UsedAdapter> lora,
    String imageTokenizer,
    String dtype,
    String imageDtype,
    UsedTurn turn,
    UsedBestOf bestOf) {

  /** The name and version of this program. */
  static final String SOFTWARE = "lumina4j " + Version.NUMBER;

  /** Records {@code request}; {@code image} is the file of the given picture, if any. */
  static RequestRecord of(
      GenerationRequest request, Optional<Path> image, Panel panel, PipelineOptions options) {
    SamplingOptions sampling = request.sampling();
    return new RequestRecord(
        SOFTWARE,
        request.task().name(),
        request.task().template(),
        request.prompt().isEmpty() ? null : request.prompt(),
        request.description().isEmpty() ? null : request.description(),
        image.map(RequestRecord::lastName).orElse(null),
        request.size().width(),
        request.size().height(),
        panel.id(),
        sampling.seed(),
        sampling.guidanceScale(),
        sampling.guidanceSchedule().id(),
        sampling.imageTopK(),
        sampling.textTopK(),
        sampling.temperature(),
        sampling.mode().id(),
        UsedDecoding.of(request.decoding()),
        request.allowPartial(),
        options.model().map(RequestRecord::lastName).orElse(null),
        options.adapters().isEmpty() ? null : UsedAdapter.all(options.adapters()),
        options.imageTokenizer().map(RequestRecord::lastName).orElse(null),
        options.precision().id(),
        options.imagePrecision().id(),
        null,
        null);
  }

  /** This record of a picture that is a turn of an editing session. */
  RequestRecord withTurn(UsedTurn newTurn) {
    return with(newTurn, bestOf);
  }

  /** This record of a picture that was chosen among several; null: it was not. */
  RequestRecord withBestOf(UsedBestOf newBestOf) {
    return with(turn, newBestOf);
  }

  private RequestRecord with(UsedTurn newTurn, UsedBestOf newBestOf) {
    return new RequestRecord(
        software,
        task,
        template,
        prompt,
        description,
        image,
        width,
        height,
        panel,
        seed,
        cfg,
        cfgSchedule,
        topK,
        textTopK,
        temperature,
        sampling,
        speculate,
        allowPartial,
        model,
        lora,
        imageTokenizer,
        dtype,
        imageDtype,
        newTurn,
        newBestOf);
  }

  /** The last name of a file or folder: where it lies is the business of this machine. */
  static String lastName(Path path) {
    return path.toAbsolutePath().normalize().getFileName().toString();
  }
}
