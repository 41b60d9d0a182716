package io.github.lumina4j.cli;

import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.Task;
import io.github.lumina4j.demo.DemoWorld;
import io.github.lumina4j.demo.Vocabulary;
import io.github.lumina4j.model.GenerationDefaults;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;

/** What {@code generate} and {@code edit} share: from options to pictures. */
abstract class DrawingCommand extends Command {
  @Mixin private PromptOptions prompts;
  @Mixin private RequestOptions options;
  @Mixin private PictureOptions picture;
  @Mixin private PreviewOptions preview;
  @Mixin private OpenOption open;
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

  /**
   * What a command is to draw.
   *
   * @param words given without an option; several are turns, each beginning with the picture of the
   *     one before
   * @param panel what goes to the file, if not what the task says
   * @param rewrite who puts the prompt in other words first; not for turns
   */
  record Wish(
      Task task,
      List<String> words,
      String description,
      Optional<Given> given,
      Optional<Panel> panel,
      BestOf bestOf,
      Optional<Rewrite> rewrite) {}

  /** Checks the whole request before anything large is loaded, then makes the pictures. */
  final void draw(Wish wish) {
    Task task = options.task(wish.task());
    List<String> words = wish.words();
    boolean turns = words.size() > 1;
    if (turns) {
      refuseForTurns(picture.count() != 1, "-n");
      refuseForTurns(wish.panel().isPresent(), "--whole");
      refuseForTurns(options.allowPartial(), "--allow-partial");
    }
    String prompt =
        prompts.resolve(
            task,
            words.isEmpty() ? null : words.get(0),
            environment().in(),
            wish.given().map(Given::file).filter(StandardInput::is).isPresent());
    if (wish.rewrite().isPresent() && prompt.isBlank()) {
      throw new IllegalArgumentException("--rewrite needs a prompt");
    }
    if (picture.output().isStandardOutput()) {
      checkPictureOut();
      if (turns || picture.count() != 1 || wish.bestOf().count() > 1) {
        throw new IllegalArgumentException(
            "-o - takes one picture: it cannot be combined with "
                + (turns ? "several prompts" : picture.count() != 1 ? "-n" : "--best-of"));
      }
    }
    long seed = firstSeed();
    Function<String, GenerationRequest.Builder> settings = settings(task, wish.description(), seed);
    GenerationRequest request = check(settings.apply(prompt), wish.given());
    words.stream().skip(1).forEach(text -> check(settings.apply(text), wish.given()));
    List<PlannedPicture> pictures =
        PlannedPicture.plan(
            picture, turns ? words.size() : picture.count(), seed, wish.bestOf().count());
    preview.check(
        pictures.stream()
            .flatMap(planned -> Stream.concat(Stream.of(planned.file()), planned.tokens().stream()))
            .toList());
    if (preview.keepPartial() && wish.bestOf().count() > 1) {
      throw new IllegalArgumentException("--keep-partial cannot be combined with --best-of");
    }
    PipelineOptions loaded = modelOptions();
    GenerationDefaults defaults = defaults(loaded);
    PlannedPicture.checkRoom(pictures, request.resolve(defaults).size());
    // The last of the checks that needs nothing large: it may take a while, or fail.
    Optional<String> rewritten = wish.rewrite().map(rewrite -> rewrite(rewrite, prompt));
    GenerationRequest drawn =
        rewritten.map(text -> check(settings.apply(text), wish.given())).orElse(request);
    Optional<String> advice = wish.given().isEmpty() ? advice(drawn.prompt()) : Optional.empty();
    advice.ifPresent(this::note);
    new GenerationRun(
            this,
            new GenerationRun.Plan(
                drawn.resolve(defaults),
                wish.given().map(Given::file),
                wish.panel().orElse(Panel.of(task)),
                loaded,
                pictures,
                preview,
                open,
                wish.bestOf(),
                wish.rewrite().map(rewrite -> new UsedRewrite(prompt, rewrite.model())),
                advice,
                turns
                    ? Optional.of(
                        new GenerationRun.Turns(
                            wish.given().orElseThrow().image(), words, settings, defaults))
                    : Optional.empty()))
        .run();
  }

  /** What to say of a prompt that the demo model cannot know; nothing of other models. */
  private Optional<String> advice(String prompt) {
    Vocabulary vocabulary = Vocabulary.of(DemoWorld.SHAPES);
    return new Models(environment(), this::note).demo(model) && !vocabulary.knows(prompt)
        ? Optional.of(
            ("the built-in demo model knows only " + vocabulary.summary())
                + "; 'lumina pull Alpha-VLLM/Lumina-mGPT-2.0' fetches a model that draws anything")
        : Optional.empty();
  }

  private String rewrite(Rewrite rewrite, String prompt) {
    checkCancelled();
    String text = rewrite.rewriter().rewrite(prompt, environment().cancellation());
    note("drawing: " + text);
    return text;
  }

  /** Checks all but the instructions, which are read one after the other from standard input. */
  final void converse(Task builtIn, String description, Given given) {
    refuseForTurns(picture.count() != 1, "-n");
    refuseForTurns(options.allowPartial(), "--allow-partial");
    refuseForTurns(picture.saveTokens() != null, "--save-tokens");
    refuseForTurns(report().json(), "--json");
    refuseForTurns(prompts.given(), "--prompt");
    Task task = options.task(builtIn);
    long seed = firstSeed();
    check(settings(task, description, seed).apply("an instruction"), Optional.of(given));
    // The rest of the options may change from turn to turn.
    Function<String, GenerationRequest.Builder> settings =
        prompt -> options(task, prompt, description).seed(seed);
    OutputPattern files = picture.output();
    InteractiveEdit.checkWritable(files);
    preview.check(List.of());
    if (preview.keepPartial()) {
      throw new IllegalArgumentException("--keep-partial cannot be combined with --interactive");
    }
    PipelineOptions loaded = modelOptions();
    new InteractiveEdit(this, loaded, given, settings, defaults(loaded), files, preview, open)
        .run();
  }

  private static void refuseForTurns(boolean given, String option) {
    if (given) {
      throw new IllegalArgumentException(
          option + " needs a single instruction; several are turns that follow each other");
    }
  }

  private long firstSeed() {
    return seedOption.seed() != null ? seedOption.seed() : environment().seeds().getAsLong();
  }

  private Function<String, GenerationRequest.Builder> settings(
      Task task, String description, long seed) {
    return prompt -> {
      GenerationRequest.Builder builder = options(task, prompt, description);
      sampling.apply(builder, seed);
      return builder.decoding(decoding.options());
    };
  }

  private GenerationRequest.Builder options(Task task, String prompt, String description) {
    GenerationRequest.Builder builder =
        GenerationRequest.builder(prompt).task(task).description(description);
    options.apply(builder);
    return builder;
  }

  private static GenerationRequest check(GenerationRequest.Builder builder, Optional<Given> given) {
    given.ifPresent(source -> builder.image(source.image()));
    GenerationRequest request = builder.build();
    // Refuses words that the task has no place for.
    request
        .task()
        .fill(
            request.size().width(),
            request.size().height(),
            request.prompt(),
            request.description());
    return request;
  }

  private PipelineOptions modelOptions() {
    return new Models(environment(), this::note)
        .drawing(model, lora.adapters(), dtype.dtype(), quantize, imageDtype.imageDtype());
  }

  private static GenerationDefaults defaults(PipelineOptions loaded) {
    return GenerationDefaults.read(loaded.model().orElseThrow());
  }
}
