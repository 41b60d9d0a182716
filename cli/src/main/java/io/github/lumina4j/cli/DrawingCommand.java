package io.github.lumina4j.cli;

import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.Task;
import io.github.lumina4j.model.GenerationDefaults;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;

/** What {@code generate} and {@code edit} share: from options to pictures. */
abstract class DrawingCommand extends Command {
  @Mixin private PromptOptions prompts;
  @Mixin private PictureOptions picture;
  @Mixin private SamplingMixin sampling;
  @Mixin private DecodingMixin decoding;
  @Mixin private SeedOption seedOption;
  @Mixin private ModelOptions model;
  @Mixin private AdapterOptions lora;
  @Mixin private DtypeOption dtype;
  @Mixin private QuantizeOptions quantize;
  @Mixin private ImageDtypeOption imageDtype;

  DrawingCommand(Environment environment) {
    super(environment);
  }

  /** A picture that is given, and where it comes from. */
  record Given(Path file, RgbImage image) {}

  /** Checks the whole request before anything large is loaded, then makes the pictures. */
  final void draw(
      Task builtIn,
      String positionalPrompt,
      String description,
      Optional<Given> given,
      Optional<Panel> panel) {
    Task task = picture.template() == null ? builtIn : builtIn.withTemplate(picture.template());
    String prompt = prompts.resolve(task, positionalPrompt, environment().in());
    long seed = seedOption.seed() != null ? seedOption.seed() : environment().seeds().getAsLong();
    GenerationRequest.Builder builder =
        GenerationRequest.builder(prompt)
            .task(task)
            .description(description)
            .allowPartial(picture.allowPartial());
    sampling.apply(builder, seed);
    builder.decoding(decoding.options());
    given.ifPresent(source -> builder.image(source.image()));
    if (picture.size() != null) {
      builder.size(picture.size());
    }
    GenerationRequest request = builder.build();
    // Refuses words that the task has no place for.
    task.fill(request.size().width(), request.size().height(), prompt, description);
    List<PlannedPicture> pictures = PlannedPicture.plan(picture, seed);
    PipelineOptions options =
        new Models(environment(), this::note)
            .drawing(model, lora.adapters(), dtype.dtype(), quantize, imageDtype.imageDtype());
    GenerationDefaults defaults = GenerationDefaults.read(options.model().orElseThrow());
    new GenerationRun(
            this,
            new GenerationRun.Plan(
                request.resolve(defaults),
                given.map(Given::file),
                panel.orElse(Panel.of(task)),
                options,
                pictures))
        .run();
  }
}
