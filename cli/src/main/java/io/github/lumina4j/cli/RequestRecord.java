package io.github.lumina4j.cli;

import io.github.lumina4j.Activations;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.KvCache;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.Quantization;
import io.github.lumina4j.SamplingOptions;
import io.github.lumina4j.Seeds;
import io.github.lumina4j.hub.HubCache;
import io.github.lumina4j.hub.RepoId;
import java.math.BigInteger;
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
 * @param seed unsigned, so that it reads back as an option, too
 * @param panel what the picture file holds: {@code whole}, {@code upper} or {@code lower}
 * @param speculate how several codes were decided per pass; null if one at a time
 * @param together pictures that shared the passes; null if it was drawn alone
 * @param lora the adapters of the model; null if it has none
 * @param quantize how the model was quantised while it was loaded; null if it was not
 * @param activations what quantised matrices multiplied, if not what they usually do
 * @param kvCache how keys and values were kept, if not as usual
 * @param turn of an editing session; null if the picture is none of its
 * @param bestOf how the picture was chosen; null if it is the only one
 * @param partial how much of the picture there is; null unless it was cancelled
 * @param rewrite where the prompt comes from; null if it is the user's own
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
    BigInteger seed,
    double cfg,
    String cfgSchedule,
    int topK,
    int textTopK,
    double temperature,
    String sampling,
    UsedDecoding speculate,
    Integer together,
    boolean allowPartial,
    String model,
    List<UsedAdapter> lora,
    String imageTokenizer,
    String dtype,
    String quantize,
    String activations,
    String kvCache,
    String imageDtype,
    UsedTurn turn,
    UsedBestOf bestOf,
    UsedRows partial,
    UsedRewrite rewrite) {

  RequestRecord {
    // Records of older programs have the same bits as a signed number.
    seed = Seeds.number(seed.longValue());
  }

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
        Seeds.number(sampling.seed()),
        sampling.guidanceScale(),
        sampling.guidanceSchedule().id(),
        sampling.imageTopK(),
        sampling.textTopK(),
        sampling.temperature(),
        sampling.mode().id(),
        UsedDecoding.of(request.decoding()),
        request.decoding().together() > 1 ? request.decoding().together() : null,
        request.allowPartial(),
        options.model().map(RequestRecord::modelName).orElse(null),
        options.adapters().isEmpty() ? null : UsedAdapter.all(options.adapters()),
        options.imageTokenizer().map(RequestRecord::lastName).orElse(null),
        options.precision().id(),
        quantize(options),
        activations(options),
        kvCache(options),
        options.imagePrecision().id(),
        null,
        null,
        null,
        null);
  }

  /** This record of a picture that is a turn of an editing session. */
  RequestRecord withTurn(UsedTurn newTurn) {
    return with(newTurn, bestOf, partial, rewrite);
  }

  /** This record of a picture that was chosen among several; null: it was not. */
  RequestRecord withBestOf(UsedBestOf newBestOf) {
    return with(turn, newBestOf, partial, rewrite);
  }

  /** This record of a picture of which only some rows exist; null: all of them do. */
  RequestRecord withPartial(UsedRows newPartial) {
    return with(turn, bestOf, newPartial, rewrite);
  }

  /** This record of a picture whose prompt was rewritten; null: it was not. */
  RequestRecord withRewrite(UsedRewrite newRewrite) {
    return with(turn, bestOf, partial, newRewrite);
  }

  private RequestRecord with(
      UsedTurn newTurn, UsedBestOf newBestOf, UsedRows newPartial, UsedRewrite newRewrite) {
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
        together,
        allowPartial,
        model,
        lora,
        imageTokenizer,
        dtype,
        quantize,
        activations,
        kvCache,
        imageDtype,
        newTurn,
        newBestOf,
        newPartial,
        newRewrite);
  }

  /** A pulled model's repository, or the last name of another folder. */
  static String modelName(Path folder) {
    return HubCache.repositoryOf(folder).map(RepoId::toString).orElseGet(() -> lastName(folder));
  }

  static String quantize(PipelineOptions options) {
    return options.quantization().map(Quantization::name).orElse(null);
  }

  /** Recorded whenever it is set, because the model itself may be quantised. */
  static String activations(PipelineOptions options) {
    return options.activations() == Activations.INT8 ? null : options.activations().id();
  }

  static String kvCache(PipelineOptions options) {
    return options.kvCache() == KvCache.AUTO ? null : options.kvCache().id();
  }

  /** The last name of a file or folder: where it lies is the business of this machine. */
  static String lastName(Path path) {
    return path.toAbsolutePath().normalize().getFileName().toString();
  }
}
