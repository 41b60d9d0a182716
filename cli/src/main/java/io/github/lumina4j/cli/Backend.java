package io.github.lumina4j.cli;

import io.github.lumina4j.Adapter;
import io.github.lumina4j.Benchmark;
import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.DeviceInfo;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.Generator;
import io.github.lumina4j.ImageCodes;
import io.github.lumina4j.ModelInfo;
import io.github.lumina4j.NativeLibrary;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.ProgressListener;
import io.github.lumina4j.Quantization;
import io.github.lumina4j.RecipeCheckpoint;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.training.TrainingJob;
import io.github.lumina4j.training.TrainingListener;
import io.github.lumina4j.training.TrainingResult;
import java.nio.file.Path;
import java.util.List;

/**
 * What the commands use of the library and what needs its native part. {@link LibraryBackend} is
 * the library; tests of the commands put another in its place.
 */
interface Backend {
  /** An open model; see {@link io.github.lumina4j.LuminaPipeline}. */
  interface Session extends Generator, AutoCloseable {
    double logLikelihood(
        GenerationRequest request, ImageCodes codes, CancellationToken cancellation);

    ImageCodes encode(RgbImage picture);

    /** Pictures of one size, together. */
    List<ImageCodes> encode(List<RgbImage> pictures);

    RgbImage decode(ImageCodes codes);

    @Override
    void close();
  }

  Session open(PipelineOptions options);

  ModelInfo inspect(Path path);

  List<DeviceInfo> devices();

  NativeLibrary nativeLibrary();

  Benchmark.Report bench(Benchmark.Options options, CancellationToken cancellation);

  /** The demo model's checkpoint folder below {@code cache}, unpacked if it is not there. */
  Path demoModel(Path cache);

  void writeRecipe(Path folder, RecipeCheckpoint.Options options);

  /** Writes {@code folder}: the checkpoint {@code model} with adapters in its weights. */
  void merge(Path folder, Path model, List<Adapter> adapters);

  /** Writes {@code folder}: the checkpoint {@code model}, quantised. */
  void quantize(
      Path folder,
      Path model,
      Quantization quantization,
      ProgressListener listener,
      CancellationToken cancellation);

  TrainingResult train(TrainingJob job, TrainingListener listener, CancellationToken cancellation);
}
