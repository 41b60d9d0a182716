package io.github.lumina4j.cli;

import io.github.lumina4j.Adapter;
import io.github.lumina4j.Benchmark;
import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.DecodingOptions;
import io.github.lumina4j.DeviceInfo;
import io.github.lumina4j.GenerationCancelledException;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.GenerationStats;
import io.github.lumina4j.ImageCodes;
import io.github.lumina4j.ModelInfo;
import io.github.lumina4j.NativeLibrary;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.Preview;
import io.github.lumina4j.PreviewListener;
import io.github.lumina4j.Progress;
import io.github.lumina4j.ProgressListener;
import io.github.lumina4j.Quantization;
import io.github.lumina4j.RecipeCheckpoint;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.training.TrainingJob;
import io.github.lumina4j.training.TrainingListener;
import io.github.lumina4j.training.TrainingProgress;
import io.github.lumina4j.training.TrainingResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.ToDoubleBiFunction;

/**
 * A library without natives: its codes are random numbers of the seed, its pictures have the code
 * of each 8x8 block as colour, and it remembers what it was asked.
 */
final class FakeBackend implements Backend {
  final List<PipelineOptions> opened = new ArrayList<>();
  final List<GenerationRequest> requests = new ArrayList<>();
  final List<Benchmark.Options> benches = new ArrayList<>();
  final List<Path> recipes = new ArrayList<>();
  RecipeCheckpoint.Options lastRecipe;
  final List<Merge> merges = new ArrayList<>();
  final List<TrainingJob> trainings = new ArrayList<>();
  int closed;

  final List<Quantize> quantizations = new ArrayList<>();

  /** What {@link #quantize} was asked. */
  record Quantize(Path folder, Path model, Quantization quantization) {}

  /** What {@link #merge} was asked. */
  record Merge(Path folder, Path model, List<Adapter> adapters) {}

  /** Thrown by whatever is called next. */
  Throwable failure;

  /** Thrown when the demo model is asked for. */
  RuntimeException demoFailure;

  /** Called before picture number 1, 2, ... is made. */
  IntConsumer beforePicture = number -> {};

  /** Called after picture number 1, 2, ... was made. */
  IntConsumer afterPicture = number -> {};

  /** Called after each row that is drawn, which is part of the picture by then. */
  IntConsumer afterRow = row -> {};

  /** Called before picture number 1, 2, ... becomes codes. */
  IntConsumer beforeEncoding = number -> {};

  /** What a request's picture is: by default what its codes say. */
  BiFunction<GenerationRequest, ImageCodes, RgbImage> painter = (request, codes) -> paint(codes);

  /** How likely codes are. */
  ToDoubleBiFunction<GenerationRequest, ImageCodes> likelihood = (request, codes) -> -1;

  /** What codes become again. */
  Function<ImageCodes, RgbImage> decoder = FakeBackend::paint;

  /** Every picture that became codes. */
  final List<RgbImage> encoded = new ArrayList<>();

  /** Rows that are left out of each picture. */
  int missingRows;

  /** How many pictures of one request are drawn side by side. */
  int together = 1;

  /** The sizes of the groups that were drawn side by side. */
  final List<Integer> groups = new ArrayList<>();

  ModelInfo info;

  private final class FakeSession implements Session {
    @Override
    public GenerationResult generate(
        GenerationRequest request, ProgressListener listener, CancellationToken cancellation) {
      return draw(request, 1, listener == null ? progress -> {} : listener, cancellation);
    }

    @Override
    public void check(GenerationRequest request) {}

    @Override
    public void generateAll(
        GenerationRequest request,
        int count,
        ProgressListener listener,
        CancellationToken cancellation,
        Consumer<GenerationResult> results) {
      for (int made = 0; made < count; ) {
        if (cancellation.isCancelled()) {
          throw new GenerationCancelledException("cancelled");
        }
        int group = Math.min(together, count - made);
        groups.add(group);
        List<GenerationResult> drawn = new ArrayList<>();
        for (int i = 0; i < group; i++) {
          drawn.add(
              draw(
                  request.withSeed(request.sampling().seed() + made + i),
                  group,
                  listener == null ? progress -> {} : listener,
                  cancellation));
        }
        drawn.forEach(results);
        made += group;
      }
    }

    private GenerationResult draw(
        GenerationRequest request,
        int group,
        ProgressListener listener,
        CancellationToken cancellation) {
      requests.add(request);
      beforePicture.accept(requests.size());
      fail();
      int columns = request.size().width() / 8;
      int rows = request.size().height() / 8 - missingRows;
      Random random = new Random(request.sampling().seed());
      int[] values = random.ints((long) rows * columns, 0, 1 << 14).toArray();
      long tokens = (long) rows * (columns + 1);
      listener.onProgress(new Progress(Progress.Phase.PREFILL, 0, rows, 0, tokens, 0.1, group));
      int given = request.image().isPresent() ? request.size().height() / 8 / 2 : 0;
      for (int row = given; row <= rows; row++) {
        if (cancellation.isCancelled()) {
          throw new GenerationCancelledException("cancelled in row " + row);
        }
        listener.onProgress(
            new Progress(
                Progress.Phase.DECODE, row, rows, row * (columns + 1L), tokens, 0.5 + row, group));
        if (row > given && listener instanceof PreviewListener previews) {
          ImageCodes drawn = new ImageCodes(row, columns, Arrays.copyOf(values, row * columns));
          previews.onPreview(
              new Preview(drawn, request.size().height() / 8, FakeBackend::rough, this::decode));
        }
        if (row > given) {
          afterRow.accept(row);
        }
      }
      listener.onProgress(
          new Progress(Progress.Phase.IMAGE_DECODE, rows, rows, tokens, tokens, rows + 1, group));
      ImageCodes codes = new ImageCodes(rows, columns, values);
      afterPicture.accept(requests.size());
      DecodingOptions decoding = request.decoding();
      int window = decoding.window() == 0 ? 16 : decoding.window();
      return new GenerationResult(
          request.withDecoding(
              decoding.speculative()
                  ? decoding.withWindow(window).withTogether(group)
                  : decoding.withTogether(group)),
          painter.apply(request, codes),
          codes,
          missingRows == 0,
          new GenerationStats(
              12,
              tokens,
              tokens,
              decoding.speculative() ? window : 1,
              group,
              decoding.speculative() ? List.of(0L, 2L, 0L, 2L) : List.of(0L, 8L),
              0,
              0,
              0.1,
              rows,
              rows - 0.25,
              0.25,
              0.5,
              rows + 1,
              1 << 20));
    }

    @Override
    public double logLikelihood(
        GenerationRequest request, ImageCodes codes, CancellationToken cancellation) {
      if (cancellation.isCancelled()) {
        throw new GenerationCancelledException("cancelled");
      }
      return likelihood.applyAsDouble(request, codes);
    }

    @Override
    public ImageCodes encode(RgbImage picture) {
      fail();
      encoded.add(picture);
      beforeEncoding.accept(encoded.size());
      int rows = picture.height() / 8;
      int columns = picture.width() / 8;
      int[] values = new int[rows * columns];
      for (int at = 0; at < values.length; at++) {
        values[at] = picture.rgb(at % columns * 8, at / columns * 8) & 0x3fff;
      }
      return new ImageCodes(rows, columns, values);
    }

    @Override
    public List<ImageCodes> encode(List<RgbImage> pictures) {
      return pictures.stream().map(this::encode).toList();
    }

    @Override
    public RgbImage decode(ImageCodes codes) {
      fail();
      return decoder.apply(codes);
    }

    @Override
    public void close() {
      closed++;
    }
  }

  /** Each code as an 8x8 block of its number as colour. */
  static RgbImage paint(ImageCodes codes) {
    int width = codes.columns() * 8;
    int height = codes.rows() * 8;
    int[] values = codes.values();
    byte[] pixels = new byte[width * height * 3];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int code = values[y / 8 * codes.columns() + x / 8];
        int at = (y * width + x) * 3;
        pixels[at + 1] = (byte) (code >> 8);
        pixels[at + 2] = (byte) code;
      }
    }
    return new RgbImage(width, height, pixels);
  }

  /** What previews show of codes: {@link #paint} with some red in it. */
  static RgbImage rough(ImageCodes codes) {
    RgbImage painted = paint(codes);
    byte[] pixels = painted.pixels();
    for (int at = 0; at < pixels.length; at += 3) {
      pixels[at] = 99;
    }
    return new RgbImage(painted.width(), painted.height(), pixels);
  }

  @Override
  public Session open(PipelineOptions options) {
    fail();
    opened.add(options);
    return new FakeSession();
  }

  @Override
  public ModelInfo inspect(Path path) {
    fail();
    return info;
  }

  @Override
  public List<DeviceInfo> devices() {
    fail();
    return List.of(
        new DeviceInfo(
            "cpu",
            "A processor",
            4,
            "of 8; a quota",
            List.of("avx2", "fma"),
            8L << 30,
            4L << 30,
            true,
            ""),
        new DeviceInfo("cuda", "", 0, "", List.of(), 0, 0, false, "no driver"));
  }

  @Override
  public NativeLibrary nativeLibrary() {
    fail();
    return new NativeLibrary("1.2.3", "/libs/liblumina.so", Optional.of("/libs/libtorch_cpu.so"));
  }

  @Override
  public Benchmark.Report bench(Benchmark.Options options, CancellationToken cancellation) {
    fail();
    benches.add(options);
    return new Benchmark.Report(
        "A processor",
        4,
        "bf16",
        options.quantize(),
        20e9,
        1.25,
        new Benchmark.Prefill(64, 0.5),
        List.of(
            new Benchmark.Step(64, 1, 1000, 2_500_000L, 0.01, List.of()),
            new Benchmark.Step(
                1024, 250, 8, 4_000_000_000L, 0.8, List.of(new Benchmark.Window(16, 500, 2)))),
        List.of(new Benchmark.Picture(256, 1.5, 2.5)),
        3L << 30,
        1L << 20,
        5L << 30);
  }

  @Override
  public Path demoModel(Path cache) {
    fail();
    if (demoFailure != null) {
      throw demoFailure;
    }
    return checkpoint(cache.resolve("demo-model").resolve("demo-0"));
  }

  @Override
  public void writeRecipe(Path folder, RecipeCheckpoint.Options options) {
    fail();
    recipes.add(folder);
    lastRecipe = options;
    checkpoint(folder);
  }

  @Override
  public void merge(Path folder, Path model, List<Adapter> adapters) {
    fail();
    merges.add(new Merge(folder, model, adapters));
  }

  @Override
  public void quantize(
      Path folder,
      Path model,
      Quantization quantization,
      ProgressListener listener,
      CancellationToken cancellation) {
    fail();
    quantizations.add(new Quantize(folder, model, quantization));
    for (int done : new int[] {0, 500, 1000}) {
      listener.onProgress(new Progress(Progress.Phase.ENCODE, 0, 0, done, 1000, done));
    }
  }

  /** Four updates, the time limit after the second if there is one. */
  @Override
  public TrainingResult train(
      TrainingJob job, TrainingListener listener, CancellationToken cancellation) {
    fail();
    trainings.add(job);
    boolean limited = job.options().maxSeconds() > 0;
    int steps = limited ? 2 : 4;
    for (int step = 1; step <= steps; step++) {
      Map<String, Double> metrics =
          step == 4 ? Map.of("loss", 0.25, "validation_psnr", 21.5) : Map.of("loss", 1.0 / step);
      listener.onUpdate(new TrainingProgress(step, 4, 1.0 / step, 1e-4, 3, step, metrics));
      if (cancellation.isCancelled()) {
        throw new GenerationCancelledException("training was stopped after update " + step);
      }
    }
    return new TrainingResult(
        job.output().resolve(limited ? "step-00000002" : "final"), 0, steps, !limited, 1.0 / steps);
  }

  /** A folder that looks like a checkpoint from outside. */
  static Path checkpoint(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("config.json"), "{}");
      Files.writeString(folder.resolve("movqgan.safetensors"), "");
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void fail() {
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
    if (failure instanceof Error error) {
      throw error;
    }
  }
}
