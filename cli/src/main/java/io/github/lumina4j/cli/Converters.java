package io.github.lumina4j.cli;

import io.github.lumina4j.Activations;
import io.github.lumina4j.Adapter;
import io.github.lumina4j.DecodingOptions;
import io.github.lumina4j.DecodingOptions.Initialization;
import io.github.lumina4j.ImageSize;
import io.github.lumina4j.KvCache;
import io.github.lumina4j.Precision;
import io.github.lumina4j.Quantization;
import io.github.lumina4j.SamplingOptions.GuidanceSchedule;
import io.github.lumina4j.SamplingOptions.Mode;
import io.github.lumina4j.demo.DemoWorld;
import io.github.lumina4j.demo.TaskShares;
import io.github.lumina4j.training.Optimizer;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Words of the command line as values; what the value's class refuses is a usage error. */
final class Converters {
  private Converters() {}

  static final class Size implements ITypeConverter<ImageSize> {
    @Override
    public ImageSize convert(String text) {
      return checked(ImageSize::parse, text);
    }
  }

  static final class Dtype implements ITypeConverter<Precision> {
    @Override
    public Precision convert(String text) {
      return checked(Precision::byId, text);
    }
  }

  static final class QuantizationName implements ITypeConverter<Quantization> {
    @Override
    public Quantization convert(String text) {
      return checked(Quantization::new, text);
    }
  }

  static final class ActivationKind implements ITypeConverter<Activations> {
    @Override
    public Activations convert(String text) {
      return checked(Activations::byId, text);
    }
  }

  static final class OptimizerName implements ITypeConverter<Optimizer> {
    @Override
    public Optimizer convert(String text) {
      return checked(Optimizer::byId, text);
    }
  }

  static final class KvCacheKind implements ITypeConverter<KvCache> {
    @Override
    public KvCache convert(String text) {
      return checked(KvCache::byId, text);
    }
  }

  static final class Data implements ITypeConverter<DataArgument> {
    @Override
    public DataArgument convert(String text) {
      return checked(DataArgument::parse, text);
    }
  }

  static final class Shares implements ITypeConverter<TaskShares> {
    @Override
    public TaskShares convert(String text) {
      return checked(TaskShares::parse, text);
    }
  }

  static final class World implements ITypeConverter<DemoWorld> {
    @Override
    public DemoWorld convert(String text) {
      return Arrays.stream(DemoWorld.values())
          .filter(world -> world.id().equals(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "must be %s (got '%s')"
                          .formatted(
                              Arrays.stream(DemoWorld.values())
                                  .map(DemoWorld::id)
                                  .collect(Collectors.joining(" or ")),
                              text)));
    }
  }

  static final class Lora implements ITypeConverter<Adapter> {
    @Override
    public Adapter convert(String text) {
      return checked(AdapterArgument::parse, text);
    }
  }

  static final class PanelName implements ITypeConverter<Panel> {
    @Override
    public Panel convert(String text) {
      return checked(Panel::byId, text);
    }
  }

  static final class ShardName implements ITypeConverter<Shard> {
    @Override
    public Shard convert(String text) {
      return checked(Shard::parse, text);
    }
  }

  static final class Schedule implements ITypeConverter<GuidanceSchedule> {
    @Override
    public GuidanceSchedule convert(String text) {
      return named(GuidanceSchedule.values(), GuidanceSchedule::id, text);
    }
  }

  static final class SamplingMode implements ITypeConverter<Mode> {
    @Override
    public Mode convert(String text) {
      return named(Mode.values(), Mode::id, text);
    }
  }

  static final class DecodingMode implements ITypeConverter<DecodingOptions.Mode> {
    @Override
    public DecodingOptions.Mode convert(String text) {
      return named(DecodingOptions.Mode.values(), DecodingOptions.Mode::id, text);
    }
  }

  static final class DraftInitialization implements ITypeConverter<Initialization> {
    @Override
    public Initialization convert(String text) {
      return named(Initialization.values(), Initialization::id, text);
    }
  }

  private static <T> T checked(Function<String, T> parse, String text) {
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  private static <T> T named(T[] values, Function<T, String> name, String text) {
    return Arrays.stream(values)
        .filter(value -> name.apply(value).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "unknown value '"
                        + text
                        + "'; known: "
                        + Arrays.stream(values).map(name).collect(Collectors.joining(", "))));
  }
}
