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
import io.github.lumina4j.Seeds;
import io.github.lumina4j.demo.DemoWorld;
import io.github.lumina4j.demo.TaskShares;
import io.github.lumina4j.training.Optimizer;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.TypeConversionException;

/**
 * Words of the command line as values; what the value's class refuses is a usage error. A message
 * that begins with "must" continues the option's name, any other follows it after a colon.
 */
final class Converters {
  private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]+");
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?");
  private static final Pattern DECIMAL_COMMA = Pattern.compile("[-+]?[0-9]+,[0-9]+");

  private static final Map<Class<?>, ITypeConverter<?>> PLAIN =
      Map.of(
          int.class, (ITypeConverter<Integer>) Converters::toInt,
          Integer.class, (ITypeConverter<Integer>) Converters::toInt,
          long.class, (ITypeConverter<Long>) Converters::toLong,
          Long.class, (ITypeConverter<Long>) Converters::toLong,
          double.class, (ITypeConverter<Double>) Converters::toDouble,
          Double.class, (ITypeConverter<Double>) Converters::toDouble,
          boolean.class, (ITypeConverter<Boolean>) Converters::toBoolean,
          Path.class, (ITypeConverter<Path>) Converters::toPath,
          String.class, (ITypeConverter<String>) text -> text);

  private Converters() {}

  /** Has {@code command} read plain types with the messages of this class. */
  @SuppressWarnings("unchecked") // a class and its own converter
  static void registerIn(CommandLine command) {
    PLAIN.forEach(
        (type, converter) ->
            command.registerConverter((Class<Object>) type, (ITypeConverter<Object>) converter));
  }

  /** What reads the values of {@code argument}. */
  static ITypeConverter<?> of(ArgSpec argument) {
    return argument.converters().length > 0
        ? argument.converters()[0]
        : PLAIN.get(argument.auxiliaryTypes()[0]);
  }

  /** A seed; empty if it is to be random. */
  static final class Seed implements ITypeConverter<OptionalLong> {
    @Override
    public OptionalLong convert(String text) {
      return checked(Seeds::parse, text);
    }
  }

  /** A seed of work that a command given again continues: it cannot be random. */
  static final class FixedSeed implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      return checked(Seeds::parse, text)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "must be a number here, not random: the command given again has to find the"
                          + " same one"));
    }
  }

  static final class Size implements ITypeConverter<ImageSize> {
    @Override
    public ImageSize convert(String text) {
      return checked(ImageSize::parse, text);
    }
  }

  static final class Dtype extends Words<Precision> {
    Dtype() {
      super(
          Precision.values(),
          Precision::id,
          Map.of("float32", "fp32", "f32", "fp32", "bfloat16", "bf16"));
    }
  }

  static final class QuantizationName implements ITypeConverter<Quantization> {
    @Override
    public Quantization convert(String text) {
      return checked(Quantization::new, text);
    }
  }

  static final class ActivationKind extends Words<Activations> {
    ActivationKind() {
      super(Activations.values(), Activations::id);
    }
  }

  static final class OptimizerName extends Words<Optimizer> {
    OptimizerName() {
      super(Optimizer.values(), Optimizer::id);
    }
  }

  static final class KvCacheKind extends Words<KvCache> {
    KvCacheKind() {
      super(KvCache.values(), KvCache::id);
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

  static final class World extends Words<DemoWorld> {
    World() {
      super(DemoWorld.values(), DemoWorld::id);
    }
  }

  static final class Lora implements ITypeConverter<Adapter> {
    @Override
    public Adapter convert(String text) {
      return checked(AdapterArgument::parse, text);
    }
  }

  static final class PanelName extends Words<Panel> {
    PanelName() {
      super(Panel.values(), Panel::id);
    }
  }

  static final class ShardName implements ITypeConverter<Shard> {
    @Override
    public Shard convert(String text) {
      return checked(Shard::parse, text);
    }
  }

  static final class Schedule extends Words<GuidanceSchedule> {
    Schedule() {
      super(GuidanceSchedule.values(), GuidanceSchedule::id);
    }
  }

  static final class SamplingMode extends Words<Mode> {
    SamplingMode() {
      super(Mode.values(), Mode::id);
    }
  }

  static final class DecodingMode extends Words<DecodingOptions.Mode> {
    DecodingMode() {
      super(DecodingOptions.Mode.values(), DecodingOptions.Mode::id);
    }
  }

  static final class DraftInitialization extends Words<Initialization> {
    DraftInitialization() {
      super(Initialization.values(), Initialization::id, Map.of("neighbor", "neighbour"));
    }
  }

  private static int toInt(String text) {
    long value = toLong(text);
    if (value != (int) value) {
      throw mustBe("a whole number up to " + Integer.MAX_VALUE, text);
    }
    return (int) value;
  }

  private static long toLong(String text) {
    if (!WHOLE.matcher(text).matches()) {
      throw mustBe("a whole number", text);
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw mustBe("a whole number up to " + Long.MAX_VALUE, text);
    }
  }

  private static double toDouble(String text) {
    if (DECIMAL_COMMA.matcher(text).matches()) {
      throw new TypeConversionException(
          "must be a number with a decimal point: "
              + text.replace(',', '.')
              + " (got '"
              + text
              + "')");
    }
    double value = DECIMAL.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
    if (!Double.isFinite(value)) {
      throw mustBe("a number", text);
    }
    return value;
  }

  private static boolean toBoolean(String text) {
    if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
      throw mustBe("true or false", text);
    }
    return Boolean.parseBoolean(text);
  }

  private static Path toPath(String text) {
    if (text.isEmpty()) {
      throw new TypeConversionException("must be the name of a file or folder (got '')");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException(
          "'" + text + "' cannot be the name of a file here: " + e.getReason());
    }
  }

  /** What refuses {@code text}, as every message of a value does. */
  static TypeConversionException mustBe(String what, String text) {
    return new TypeConversionException("must be " + what + " (got '" + text + "')");
  }

  private static <T> T checked(Function<String, T> parse, String text) {
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
