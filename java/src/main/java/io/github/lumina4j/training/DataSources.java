package io.github.lumina4j.training;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The YAML file that the Python original lists its training data in:
 *
 * <pre>{@code
 * META:
 *   - path: a/record.json
 *   - path: b/record.jsonl
 *     ratio: 0.5
 *     type: edits
 * }</pre>
 */
final class DataSources {
  /**
   * One source of records.
   *
   * @param type records of different types never meet in a batch; empty for {@code default}, which
   *     is the type of all other data
   */
  record Source(Path path, double ratio, String type) {}

  private static final String DEFAULT_TYPE = "default";

  private DataSources() {}

  /** Whether a path is such a file, by its extension. */
  static boolean isList(Path path) {
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    return name.endsWith(".yaml") || name.endsWith(".yml");
  }

  /**
   * The sources that {@code data} stands for: itself, or those of a YAML file, their ratios times
   * its own.
   *
   * @throws LuminaException with {@link ErrorCode#IO} if the YAML file cannot be read or is
   *     something else
   */
  static List<Source> of(Finetuning.Data data) {
    if (!isList(data.path()) || Files.isDirectory(data.path())) {
      return List.of(new Source(data.path(), data.ratio(), ""));
    }
    Path file = data.path();
    List<Source> sources = new ArrayList<>();
    if (!(load(file) instanceof Map<?, ?> root) || !(root.get("META") instanceof List<?> entries)) {
      throw bad(file, "needs a list META of entries with path, and if wanted ratio and type");
    }
    for (Object entry : entries) {
      sources.add(source(file, entry, "entry " + (sources.size() + 1) + " of META", data.ratio()));
    }
    if (sources.isEmpty()) {
      throw bad(file, "META is empty");
    }
    return sources;
  }

  private static Object load(Path file) {
    try (Reader reader = Files.newBufferedReader(file)) {
      return new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
    } catch (MarkedYAMLException e) {
      throw bad(
          file,
          "is not YAML: "
              + e.getProblem()
              + (e.getProblemMark() == null ? "" : ", line " + (e.getProblemMark().getLine() + 1)));
    } catch (YAMLException e) {
      throw bad(
          file, "is not YAML: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    } catch (NoSuchFileException e) {
      throw bad(file, "no such file");
    } catch (IOException e) {
      throw bad(file, "cannot be read: " + e.getMessage());
    }
  }

  private static Source source(Path file, Object entry, String name, double share) {
    if (!(entry instanceof Map<?, ?> map) || !(map.get("path") instanceof String text)) {
      throw bad(file, name + " has no path");
    }
    Object ratio = map.containsKey("ratio") ? map.get("ratio") : 1.0;
    if (!(ratio instanceof Number number)
        || !(number.doubleValue() > 0 && number.doubleValue() <= 1)) {
      throw bad(file, name + " has the ratio " + ratio + ", which must be above 0 and at most 1");
    }
    Object type = map.containsKey("type") ? map.get("type") : DEFAULT_TYPE;
    if (!(type instanceof String) || ((String) type).isEmpty()) {
      throw bad(file, name + " has a type that is not a text");
    }
    for (Object key : map.keySet()) {
      if (!List.of("path", "ratio", "type").contains(key)) {
        throw bad(file, name + " has the unknown key " + key + "; known: path, ratio, type");
      }
    }
    return new Source(
        find(file, text, name),
        number.doubleValue() * share,
        type.equals(DEFAULT_TYPE) ? "" : (String) type);
  }

  // Beside the YAML file, then as the original takes it from where it runs, and last, since lists
  // come from other machines, by ever fewer of its last folders beside the YAML file.
  private static Path find(Path file, String text, String name) {
    try {
      Path named = Path.of(text);
      Path folder = file.toAbsolutePath().getParent();
      for (Path candidate : List.of(folder.resolve(named), named)) {
        if (Files.exists(candidate)) {
          return candidate;
        }
      }
      for (int dropped = 1; dropped < named.getNameCount(); dropped++) {
        Path candidate = folder.resolve(named.subpath(dropped, named.getNameCount()));
        if (Files.exists(candidate)) {
          return candidate;
        }
      }
      if (named.isAbsolute() && named.getFileName() != null) {
        Path candidate = folder.resolve(named.getFileName().toString());
        if (Files.exists(candidate)) {
          return candidate;
        }
      }
    } catch (InvalidPathException e) {
      throw bad(file, name + " has a path that is none: " + e.getMessage());
    }
    throw bad(file, name + " names " + text + ", which is neither there nor beside this file");
  }

  private static LuminaException bad(Path file, String reason) {
    return new LuminaException(ErrorCode.IO, file + ": " + reason);
  }
}
