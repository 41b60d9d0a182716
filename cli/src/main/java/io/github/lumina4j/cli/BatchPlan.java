package io.github.lumina4j.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.ImageSize;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.image.ImageFormat;
import io.github.lumina4j.model.GenerationDefaults;
import io.github.lumina4j.model.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the lines of a batch and checks all of them. */
final class BatchPlan {
  /** Words of the prompt in the name of a file, in letters. */
  private static final int SLUG = 40;

  private static final int DIGITS = 8;
  private static final String KEY = "[A-Za-z0-9_][A-Za-z0-9._-]{0,99}";

  /**
   * What holds for all lines.
   *
   * @param lines the name of the file of lines, for messages
   * @param inputs where the paths of given pictures begin
   * @param output folder of the pictures
   * @param defaults values by the names of their options, for what a line leaves open
   * @param baseSeed what seeds of lines derive from that have none
   * @param model loaded for all of them
   * @param loaded tells models of the same name apart
   * @param verifier how candidates are scored; null if by nothing
   */
  record Settings(
      String lines,
      Path inputs,
      Path output,
      Map<String, String> defaults,
      long baseSeed,
      PipelineOptions model,
      LoadedFiles loaded,
      String verifier) {}

  private final Settings settings;
  private final GenerationDefaults modelDefaults;
  private final Map<String, Integer> keys = new HashMap<>();
  private final Map<Path, Integer> files = new HashMap<>();
  private final List<BatchPicture> pictures = new ArrayList<>();

  private BatchPlan(Settings settings) {
    this.settings = settings;
    modelDefaults = GenerationDefaults.read(settings.model().model().orElseThrow());
  }

  /**
   * The pictures that the lines ask for, in their order.
   *
   * @throws BadLinesException if lines cannot be served
   * @throws IllegalArgumentException if there are none
   */
  static List<BatchPicture> read(String text, Settings settings) {
    BatchPlan plan = new BatchPlan(settings);
    BatchFile file = BatchFile.of(settings.lines(), text);
    if (file.lines().isEmpty()) {
      throw new IllegalArgumentException(settings.lines() + ": no lines in it");
    }
    List<String> bad = new ArrayList<>();
    int count = 0;
    for (BatchFile.Line line : file.lines()) {
      try {
        plan.add(line.number(), file.fields(line));
      } catch (IllegalArgumentException | LuminaException e) {
        if (count++ < BadLinesException.SHOWN) {
          bad.add(settings.lines() + " line " + line.number() + ": " + e.getMessage());
        }
      }
    }
    if (count > 0) {
      throw new BadLinesException(settings.lines(), bad, count);
    }
    return List.copyOf(plan.pictures);
  }

  private void add(int number, ObjectNode fields) {
    BatchLine line = BatchLine.parse(fields, settings.defaults());
    if (line.bestOf() > 1 && settings.verifier() == null) {
      throw new IllegalArgumentException("best of " + line.bestOf() + " needs --verifier");
    }
    BestOf.of(line.bestOf(), null); // its range
    String key = key(number, fields, line);
    long first = line.seed() != null ? line.seed() : derivedSeed(key);
    PlannedPicture.checkCount(line.count());
    OutputPattern pattern = new OutputPattern(pattern(key, line));
    for (int i = 0; i < line.count(); i++) {
      long seed = first + (long) i * line.bestOf();
      Path file = settings.output().resolve(pattern.file(i + 1, line.count(), seed));
      take(file, number);
      if (line.bestOf() > 1) {
        take(BestOf.sheetFile(file), number);
      }
      String own = line.count() == 1 ? key : key + "/" + (i + 1);
      GenerationRequest request = line.request(settings.inputs(), seed).resolve(modelDefaults);
      ImageSize size = request.size();
      ImageFiles.checkWritable(file, size.width(), size.height());
      pictures.add(
          new BatchPicture(
              number,
              own,
              seed,
              file,
              size,
              mark(own, line, seed, request),
              line,
              settings.inputs()));
    }
  }

  /** What a line is known by, wherever it stands: what it says, or the key it names. */
  private String key(int number, ObjectNode fields, BatchLine line) {
    if (line.key() != null) {
      if (!line.key().matches(KEY)) {
        throw new IllegalArgumentException(
            "key '" + line.key() + "' is not up to 100 letters, digits, '.', '_' and '-'");
      }
      Integer other = keys.put("=" + line.key(), number);
      if (other != null) {
        throw new IllegalArgumentException(
            "key '" + line.key() + "' is that of line " + other + ", too");
      }
      return line.key();
    }
    Map<String, Object> sorted = new TreeMap<>();
    fields.fields().forEachRemaining(field -> sorted.put(field.getKey(), field.getValue()));
    sorted.remove("output");
    String content = sha(JsonText.of(sorted)).substring(0, DIGITS);
    // Lines that say the same are told apart by their order.
    int times = keys.merge(content, 1, Integer::sum);
    return times == 1 ? content : content + "." + times;
  }

  private long derivedSeed(String key) {
    return Long.parseLong(sha(settings.baseSeed() + "\n" + key).substring(0, DIGITS), 16);
  }

  private String pattern(String key, BatchLine line) {
    String name = line.output();
    if (name == null) {
      String words = line.key() != null ? "" : slug(line.prompt());
      return (words.isEmpty() ? key : words + "-" + key) + ".png";
    }
    if (name.contains("/")
        || name.startsWith(".")
        || !name.toLowerCase(Locale.ROOT).endsWith(".png")) {
      throw new IllegalArgumentException(
          "output '" + name + "' is not a name that ends in .png, in the batch's folder");
    }
    return name;
  }

  /** The first words of a text as part of a file name. */
  private static String slug(String text) {
    String plain =
        Normalizer.normalize(text, Normalizer.Form.NFKD)
            .toLowerCase(Locale.ROOT)
            .replaceAll("\\p{M}", "")
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-|-$", "");
    if (plain.length() <= SLUG) {
      return plain;
    }
    int end = plain.lastIndexOf('-', SLUG);
    return plain.substring(0, end > 0 ? end : SLUG);
  }

  private void take(Path file, int number) {
    ImageFormat format = ImageFiles.checkWritable(file);
    if (format != ImageFormat.PNG) {
      throw new IllegalArgumentException(file + " is not a PNG file");
    }
    Integer other = files.put(file, number);
    if (other != null) {
      throw new IllegalArgumentException(
          file + " would be written twice, here and in line " + other);
    }
  }

  private BatchMark mark(String key, BatchLine line, long seed, GenerationRequest request) {
    Optional<Path> image = line.image(settings.inputs());
    BestOf choice = BestOf.of(line.bestOf(), null);
    RequestRecord record =
        RequestRecord.of(request, image, line.panel(), settings.model())
            .withBestOf(choice.used(seed));
    return BatchMark.of(
        key,
        record,
        settings.loaded(),
        image.map(Sha256::of).orElse(null),
        line.bestOf() > 1 ? settings.verifier() : null);
  }

  private static String sha(String text) {
    return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
