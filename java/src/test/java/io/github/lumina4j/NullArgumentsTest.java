package io.github.lumina4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.image.ImageFormat;
import io.github.lumina4j.image.WriteOptions;
import io.github.lumina4j.model.GenerationDefaults;
import io.github.lumina4j.testing.Recipes;
import java.io.File;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every public method and constructor of the library's own package, with null for each of its
 * arguments in turn: a {@link NullPointerException} that names the argument, unless the
 * documentation says that it may be null.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class NullArgumentsTest {
  /** Arguments that may be null, by name wherever they occur, or as Class.method.name. */
  private static final Set<String> NULLABLE =
      Set.of(
          "listener",
          "cancellation",
          "cause", // of an exception, as its message
          "message",
          "PreviewListener.onProgress.progress", // ignored
          "Task.fill.promptText",
          "Task.fill.descriptionText",
          "Task.write.promptText",
          "Task.write.descriptionText");

  /** What the library alone makes, of the engine's answers. */
  private static final Set<Class<?>> ANSWERS =
      Set.of(ModelInfo.class, DeviceInfo.class, NativeLibrary.class, Benchmark.class);

  private static final Map<Class<?>, Object> SAMPLES = new HashMap<>();
  private static LuminaPipeline pipeline;

  @BeforeAll
  static void open() {
    pipeline = LuminaPipeline.open(PipelineOptions.builder(Recipes.tiny()).build());
    RgbImage picture = new RgbImage(32, 32, new byte[32 * 32 * 3]);
    ImageCodes codes = new ImageCodes(4, 4, new int[16]);
    GenerationRequest request = GenerationRequest.builder("A cat.").size(32, 32).build();
    GenerationResult result = pipeline.generate(request);
    Object[] samples = {
      "words",
      Path.of("nowhere"),
      picture,
      codes,
      request,
      pipeline,
      result,
      Tasks.byName("t2i"),
      new ImageSize(32, 32),
      SamplingOptions.DEFAULT,
      DecodingOptions.SEQUENTIAL,
      GenerationRequest.builder("A cat."),
      PipelineOptions.builder(Recipes.tiny()),
      PipelineOptions.builder(Recipes.tiny()).build(),
      GenerationDefaults.NONE,
      new CancellationToken(),
      new Adapter(Path.of("nowhere"), 1),
      new Quantization("int8"),
      Device.CPU,
      RecipeCheckpoint.Options.of("tiny"),
      Benchmark.Options.of(Path.of("nowhere")),
      EditSession.open(pipeline, picture),
      new BestOfN(List.of(new BestOfN.Candidate(result, 1))),
      new BestOfN.Candidate(result, 1),
      new EditSession.Turn(1, "words", picture, result),
      result.stats(),
      new Preview(codes, 4, c -> picture, c -> picture),
      ErrorCode.INTERNAL,
      Duration.ofSeconds(1),
      URI.create("http://localhost"),
      ImageFormat.PNG,
      WriteOptions.DEFAULT,
      new int[16],
      new byte[3],
      new RuntimeException("x"),
    };
    for (Object sample : samples) {
      SAMPLES.put(sample.getClass(), sample);
    }
    SAMPLES.put(Path.class, Path.of("nowhere"));
    SAMPLES.put(Throwable.class, new RuntimeException("x"));
    SAMPLES.put(Runnable.class, (Runnable) () -> {});
    SAMPLES.put(Consumer.class, (Consumer<Object>) value -> {});
    SAMPLES.put(Function.class, (Function<Object, Object>) value -> value);
    SAMPLES.put(Generator.class, pipeline);
    SAMPLES.put(Verifier.class, (Verifier) (drawn, token) -> 1);
    SAMPLES.put(Optional.class, Optional.empty());
    SAMPLES.put(List.class, List.of());
    SAMPLES.put(Set.class, Set.of());
  }

  @AfterAll
  static void close() {
    pipeline.close();
  }

  private static List<Class<?>> publicClasses() throws Exception {
    Path root =
        Path.of(LuminaPipeline.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<Class<?>> classes = new ArrayList<>();
    try (Stream<Path> files = Files.list(root.resolve("io/github/lumina4j"))) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        String name = file.getFileName().toString();
        if (name.endsWith(".class") && !name.equals("package-info.class")) {
          Class<?> type =
              Class.forName("io.github.lumina4j." + name.substring(0, name.length() - 6));
          if (isPublic(type) && !isAnswer(type)) {
            classes.add(type);
          }
        }
      }
    }
    return classes;
  }

  private static boolean isAnswer(Class<?> type) {
    Class<?> outermost = type.getEnclosingClass() == null ? type : type.getEnclosingClass();
    return type.isRecord() && ANSWERS.contains(outermost) && type != Benchmark.Options.class;
  }

  private static boolean isPublic(Class<?> type) {
    return Modifier.isPublic(type.getModifiers())
        && (type.getEnclosingClass() == null || isPublic(type.getEnclosingClass()));
  }

  @Test
  void null_is_refused_by_name() throws Exception {
    Set<String> wrong = new TreeSet<>();
    int asked = 0;
    List<Class<?>> classes = publicClasses();
    assertThat(classes).as("classes in " + File.separator).hasSizeGreaterThan(40);
    for (Class<?> type : classes) {
      List<Executable> entries = new ArrayList<>(Arrays.asList(type.getDeclaredMethods()));
      entries.addAll(Arrays.asList(type.getDeclaredConstructors()));
      for (Executable entry : entries) {
        if (Modifier.isPublic(entry.getModifiers())
            && !entry.isSynthetic()
            && !Modifier.isAbstract(entry.getModifiers())
            && !entry.getName().equals("equals")
            && !(type.isEnum() && entry.getName().equals("valueOf"))) {
          asked += ask(type, entry, wrong);
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(asked).isGreaterThan(100);
  }

  /** Null for each argument in turn; how many there were. */
  private static int ask(Class<?> type, Executable entry, Set<String> wrong) throws Exception {
    Parameter[] parameters = entry.getParameters();
    String where = type.getSimpleName() + (entry instanceof Method ? "." + entry.getName() : "");
    int asked = 0;
    for (int i = 0; i < parameters.length; i++) {
      String name = parameters[i].getName();
      if (parameters[i].getType().isPrimitive()
          || NULLABLE.contains(name)
          || NULLABLE.contains(where + "." + name)) {
        continue;
      }
      asked++;
      Object[] arguments = new Object[parameters.length];
      String problem = null;
      for (int j = 0; j < parameters.length; j++) {
        boolean free = j == i || NULLABLE.contains(parameters[j].getName());
        arguments[j] = free ? null : sample(parameters[j].getType());
        if (!free && arguments[j] == null) {
          problem = "no sample of " + parameters[j].getType();
        }
      }
      if (problem == null) {
        problem = outcome(type, entry, arguments, name);
      }
      if (problem != null) {
        wrong.add(where + "(" + name + "): " + problem);
      }
    }
    return asked;
  }

  private static String outcome(Class<?> type, Executable entry, Object[] arguments, String name)
      throws Exception {
    try {
      if (entry instanceof Constructor<?> constructor) {
        constructor.newInstance(arguments);
      } else {
        boolean isStatic = Modifier.isStatic(entry.getModifiers());
        Object target = isStatic ? null : sample(type);
        if (!isStatic && target == null) {
          return "no sample of " + type;
        }
        ((Method) entry).invoke(target, arguments);
      }
      return "nothing thrown";
    } catch (InvocationTargetException e) {
      Throwable thrown = e.getCause();
      boolean right = thrown instanceof NullPointerException && name.equals(thrown.getMessage());
      return right ? null : thrown.toString();
    }
  }

  private static Object sample(Class<?> type) {
    if (type.isPrimitive()) {
      return type == boolean.class
          ? (Object) true
          : type == double.class ? (Object) 1.0 : type == long.class ? (Object) 1L : (Object) 1;
    }
    if (type.isEnum()) {
      return type.getEnumConstants()[0];
    }
    return SAMPLES.get(type);
  }
}
