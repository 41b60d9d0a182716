package io.github.lumina4j.cli;

import io.github.lumina4j.Adapter;
import io.github.lumina4j.Benchmark;
import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.DeviceInfo;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.ImageCodes;
import io.github.lumina4j.LuminaPipeline;
import io.github.lumina4j.MergedCheckpoint;
import io.github.lumina4j.ModelInfo;
import io.github.lumina4j.NativeLibrary;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.ProgressListener;
import io.github.lumina4j.Quantization;
import io.github.lumina4j.QuantizedCheckpoint;
import io.github.lumina4j.RecipeCheckpoint;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.model.DemoModel;
import io.github.lumina4j.training.TrainingJob;
import io.github.lumina4j.training.TrainingListener;
import io.github.lumina4j.training.TrainingResult;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** The library itself. */
final class LibraryBackend implements Backend {
  private record PipelineSession(LuminaPipeline pipeline) implements Session {
    @Override
    public GenerationResult generate(
        GenerationRequest request, ProgressListener listener, CancellationToken cancellation) {
      return pipeline.generate(request, listener, cancellation);
    }

    @Override
    public void generateAll(
        GenerationRequest request,
        int count,
        ProgressListener listener,
        CancellationToken cancellation,
        Consumer<GenerationResult> results) {
      pipeline.generateAll(request, count, listener, cancellation, results);
    }

    @Override
    public void check(GenerationRequest request) {
      pipeline.check(request);
    }

    @Override
    public double logLikelihood(
        GenerationRequest request, ImageCodes codes, CancellationToken cancellation) {
      return pipeline.logLikelihood(request, codes, cancellation);
    }

    @Override
    public ImageCodes encode(RgbImage picture) {
      return pipeline.encode(picture);
    }

    @Override
    public List<ImageCodes> encode(List<RgbImage> pictures) {
      return pipeline.encode(pictures);
    }

    @Override
    public RgbImage decode(ImageCodes codes) {
      return pipeline.decode(codes);
    }

    @Override
    public void close() {
      pipeline.close();
    }
  }

  @Override
  public Session open(PipelineOptions options) {
    return new PipelineSession(LuminaPipeline.open(options));
  }

  @Override
  public ModelInfo inspect(Path path) {
    return ModelInfo.inspect(path);
  }

  @Override
  public List<DeviceInfo> devices() {
    return DeviceInfo.all();
  }

  @Override
  public NativeLibrary nativeLibrary() {
    return NativeLibrary.load();
  }

  @Override
  public Benchmark.Report bench(Benchmark.Options options, CancellationToken cancellation) {
    return Benchmark.run(options, null, cancellation);
  }

  @Override
  public Path demoModel(Path cache) {
    return DemoModel.folder(cache);
  }

  @Override
  public void writeRecipe(Path folder, RecipeCheckpoint.Options options) {
    RecipeCheckpoint.write(folder, options);
  }

  @Override
  public void merge(Path folder, Path model, List<Adapter> adapters) {
    MergedCheckpoint.write(folder, model, adapters);
  }

  @Override
  public void quantize(
      Path folder,
      Path model,
      Quantization quantization,
      ProgressListener listener,
      CancellationToken cancellation) {
    QuantizedCheckpoint.write(folder, model, quantization, listener, cancellation);
  }

  @Override
  public TrainingResult train(
      TrainingJob job, TrainingListener listener, CancellationToken cancellation) {
    return job.run(listener, cancellation);
  }
}
