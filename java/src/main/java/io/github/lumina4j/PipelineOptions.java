package io.github.lumina4j;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a pipeline loads and where it runs.
 *
 * @param model the checkpoint folder, or empty for a pipeline that only encodes and decodes
 *     pictures
 * @param imageTokenizer the MoVQGAN file ({@code .ckpt} or {@code .safetensors}); empty: the one
 *     found in the checkpoint folder
 * @param adapters LoRA adapters that are added to the weights of the model while it loads; they add
 *     up, and adapted weights are held in memory, not mapped
 * @param device where to run
 * @param precision number format of the transformer
 * @param quantization how the matrices of the model are stored while it loads; empty: as they are
 * @param activations what quantised matrices multiply
 * @param kvCache how keys and values are kept while a picture is drawn
 * @param imagePrecision number format of the picture decoder: {@link Precision#FP32} or {@link
 *     Precision#BF16}; pictures are always encoded in fp32
 * @param threads processor threads; 0 for as many as this process may use: affinity, CPU sets and
 *     quotas of control groups count. Far more than the machine has processors are refused when the
 *     pipeline is opened
 * @param checkMemory whether to refuse, before loading, what cannot fit in memory
 * @param interruptible whether {@link Thread#interrupt} stops a call that runs, within a step; one
 *     that waits for its turn is ended by it in any case
 */
public record PipelineOptions(
    Optional<Path> model,
    Optional<Path> imageTokenizer,
    List<Adapter> adapters,
    Device device,
    Precision precision,
    Optional<Quantization> quantization,
    Activations activations,
    KvCache kvCache,
    Precision imagePrecision,
    int threads,
    boolean checkMemory,
    boolean interruptible) {

  public PipelineOptions {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(imageTokenizer, "imageTokenizer");
    Objects.requireNonNull(adapters, "adapters");
    adapters = List.copyOf(adapters);
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(precision, "precision");
    Objects.requireNonNull(quantization, "quantization");
    Objects.requireNonNull(activations, "activations");
    Objects.requireNonNull(kvCache, "kvCache");
    Objects.requireNonNull(imagePrecision, "imagePrecision");
    if (model.isEmpty() && imageTokenizer.isEmpty()) {
      throw new IllegalArgumentException("a model folder or an image tokenizer file is needed");
    }
    if (model.isEmpty() && !adapters.isEmpty()) {
      throw new IllegalArgumentException("adapters need a model to be added to");
    }
    if (imagePrecision == Precision.AUTO) {
      throw new IllegalArgumentException("image precision must be fp32 or bf16");
    }
    if (threads < 0) {
      throw new IllegalArgumentException("threads must be 0 (the default) or more, not " + threads);
    }
  }

  /** Options for the checkpoint in {@code folder}, everything else by default. */
  public static Builder builder(Path folder) {
    return new Builder(Optional.of(Objects.requireNonNull(folder, "folder")));
  }

  /** Options for a pipeline that only encodes and decodes pictures. */
  public static Builder imageTokenizerOnly(Path file) {
    return new Builder(Optional.empty()).imageTokenizer(file);
  }

  /** Collects options. */
  public static final class Builder {
    private final Optional<Path> model;
    private Optional<Path> imageTokenizer = Optional.empty();
    private final List<Adapter> adapters = new ArrayList<>();
    private Device device = Device.CPU;
    private Precision precision = Precision.AUTO;
    private Optional<Quantization> quantization = Optional.empty();
    private Activations activations = Activations.INT8;
    private KvCache kvCache = KvCache.AUTO;
    private Precision imagePrecision = Precision.FP32;
    private int threads;
    private boolean checkMemory = true;
    private boolean interruptible = true;

    private Builder(Optional<Path> model) {
      this.model = model;
    }

    public Builder imageTokenizer(Path file) {
      this.imageTokenizer = Optional.of(Objects.requireNonNull(file, "file"));
      return this;
    }

    /** One more adapter, as it was trained. */
    public Builder adapter(Path path) {
      return adapter(path, 1);
    }

    /** One more adapter, and how much of it; see {@link Adapter}. */
    public Builder adapter(Path path, double scale) {
      adapters.add(new Adapter(path, scale));
      return this;
    }

    /** Adapters in place of those given so far. */
    public Builder adapters(List<Adapter> adapters) {
      Objects.requireNonNull(adapters, "adapters");
      this.adapters.clear();
      this.adapters.addAll(adapters);
      return this;
    }

    public Builder device(Device device) {
      this.device = Objects.requireNonNull(device, "device");
      return this;
    }

    public Builder precision(Precision precision) {
      this.precision = Objects.requireNonNull(precision, "precision");
      return this;
    }

    public Builder quantization(Quantization quantization) {
      return quantization(Optional.of(Objects.requireNonNull(quantization, "quantization")));
    }

    /** The same, or none. */
    public Builder quantization(Optional<Quantization> quantization) {
      this.quantization = Objects.requireNonNull(quantization, "quantization");
      return this;
    }

    public Builder activations(Activations activations) {
      this.activations = Objects.requireNonNull(activations, "activations");
      return this;
    }

    public Builder kvCache(KvCache kvCache) {
      this.kvCache = Objects.requireNonNull(kvCache, "kvCache");
      return this;
    }

    public Builder imagePrecision(Precision imagePrecision) {
      this.imagePrecision = Objects.requireNonNull(imagePrecision, "imagePrecision");
      return this;
    }

    public Builder threads(int threads) {
      this.threads = threads;
      return this;
    }

    public Builder checkMemory(boolean checkMemory) {
      this.checkMemory = checkMemory;
      return this;
    }

    /** Off for code that is interrupted for reasons of its own; on unless set. */
    public Builder interruptible(boolean interruptible) {
      this.interruptible = interruptible;
      return this;
    }

    /** Validates. */
    public PipelineOptions build() {
      return new PipelineOptions(
          model,
          imageTokenizer,
          adapters,
          device,
          precision,
          quantization,
          activations,
          kvCache,
          imagePrecision,
          threads,
          checkMemory,
          interruptible);
    }
  }
}
