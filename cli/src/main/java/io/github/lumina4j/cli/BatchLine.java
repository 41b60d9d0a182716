package io.github.lumina4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.Task;
import io.github.lumina4j.Tasks;
import io.github.lumina4j.image.ImageFiles;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/**
 * One line of a batch. Its fields are options of the commands that draw, by their long names or as
 * records keep them ({@code top-k} or {@code top_k}), and are read by the same rules.
 */
@CommandLine.Command
final class BatchLine {
  /** What holds for all lines alike: one model is loaded. */
  private static final Set<String> OF_THE_BATCH =
      Set.of("model", "lora", "image-tokenizer", "dtype", "image-dtype", "threads", "verifier");

  /** What a record has and a line needs not: it follows from the rest. */
  private static final Set<String> FOLLOWS = Set.of("software", "turn");

  private static final Set<String> NAMES =
      Set.copyOf(new CommandLine(new BatchLine()).getCommandSpec().optionsMap().keySet());

  @Option(names = "--key")
  private String key;

  @Option(names = {"-p", "--prompt"})
  private String prompt = "";

  @Option(names = "--task")
  private String task;

  @Option(names = "--description")
  private String description = "";

  @Option(names = "--image")
  private Path image;

  @Option(names = "--panel", converter = Converters.PanelName.class)
  private Panel panel;

  @Option(names = {"-n", "--count"})
  private int count = 1;

  @Option(names = "--best-of")
  private int bestOf = 1;

  @Option(names = {"-o", "--output"})
  private String output;

  @Mixin private RequestOptions options;
  @Mixin private SamplingMixin sampling;
  @Mixin private DecodingMixin decoding;
  @Mixin private SeedOption seed;

  private BatchLine() {}

  /** Whether a line may have the option called {@code name}, such as {@code --top-k}. */
  static boolean knows(String name) {
    return NAMES.contains(name);
  }

  /**
   * Reads a line.
   *
   * @param defaults values by the names of their options, for what the line leaves open
   * @throws IllegalArgumentException if it cannot be read; the message says why
   */
  static BatchLine parse(ObjectNode fields, Map<String, String> defaults) {
    BatchLine line = new BatchLine();
    CommandSpec spec = new CommandLine(line).getCommandSpec();
    defaults.forEach((option, value) -> OptionValues.set(spec, option, value, option));
    ObjectNode flat = flatten(fields);
    Iterator<Map.Entry<String, JsonNode>> each = flat.fields();
    while (each.hasNext()) {
      Map.Entry<String, JsonNode> field = each.next();
      String name = field.getKey().replace('_', '-');
      String option = (name.length() == 1 ? "-" : "--") + name;
      JsonNode value = field.getValue();
      if (FOLLOWS.contains(name) || value.isNull()) {
        continue;
      }
      if (OF_THE_BATCH.contains(name)) {
        throw new IllegalArgumentException(
            "field '" + field.getKey() + "' holds for the whole batch: give " + option + " to it");
      }
      if (!knows(option)) {
        option = ours(spec, option, field.getKey());
      }
      if (value.isContainerNode()) {
        throw new IllegalArgumentException(
            "field '" + field.getKey() + "' must be a text, a number, true or false");
      }
      OptionValues.set(spec, option, value.asText(), "field '" + field.getKey() + "'");
    }
    return line;
  }

  /** What the server, or another program, calls by a name that is not ours. */
  private static String ours(CommandSpec spec, String option, String field) {
    ForeignOptions.Meaning meaning = ForeignOptions.meaning(spec, option).orElse(null);
    if (meaning != null && meaning.answer() != null) {
      throw new IllegalArgumentException(
          "there is no field '" + field + "' here: " + meaning.answer());
    }
    if (meaning == null || !meaning.takesValue() || !knows(meaning.ours())) {
      throw new IllegalArgumentException("unknown field '" + field + "'");
    }
    return meaning.ours();
  }

  /** The parts of a record that hold several options as one field each. */
  private static ObjectNode flatten(ObjectNode fields) {
    ObjectNode flat = fields.deepCopy();
    if (flat.path("speculate") instanceof ObjectNode speculate) {
      flat.remove("speculate");
      flat.set("speculate", speculate.remove("mode"));
      flat.setAll(speculate);
    }
    if (flat.path("best_of") instanceof ObjectNode bestOf) {
      flat.set("best_of", bestOf.path("count"));
    }
    if (flat.path("rewrite").isObject()) {
      flat.remove("rewrite"); // of a record, whose prompt is the rewritten one
    }
    if (flat.has("width") && flat.has("height")) {
      String size = flat.remove("width").asText() + "x" + flat.remove("height").asText();
      flat.put("size", size);
    }
    return flat;
  }

  /** The request, with the given picture read; {@code folder} is where its path begins. */
  GenerationRequest request(Path folder, long usedSeed) {
    GenerationRequest.Builder builder =
        GenerationRequest.builder(prompt).task(task()).description(description);
    options.apply(builder);
    sampling.apply(builder, usedSeed);
    builder.decoding(decoding.options());
    image(folder).ifPresent(file -> builder.image(ImageFiles.read(file)));
    GenerationRequest request = builder.build();
    // Refuses words that the task has no place for.
    task().fill(request.size().width(), request.size().height(), prompt, description);
    return request;
  }

  private Task task() {
    String name = task != null ? task : image != null ? "edit" : "t2i";
    return options.task(Tasks.byName(name, image != null));
  }

  /** The given picture's file. */
  Optional<Path> image(Path folder) {
    return Optional.ofNullable(image).map(folder::resolve);
  }

  /**
   * What of the picture goes to its file.
   *
   * @throws IllegalArgumentException if the task has no such panel
   */
  Panel panel() {
    Panel usual = Panel.of(task());
    if (panel != null && panel != Panel.WHOLE && panel != usual) {
      throw new IllegalArgumentException(
          "panel '"
              + panel.id()
              + "' is not what the task draws: "
              + usual.id()
              + (usual == Panel.WHOLE ? "" : " or whole"));
    }
    return panel == null ? usual : panel;
  }

  String prompt() {
    return prompt;
  }

  /** What the line is known by; null if it does not say. */
  String key() {
    return key;
  }

  /** The seed; null if the line does not say. */
  Long seed() {
    return seed.seed();
  }

  /** The pattern of its files' names; null if it does not say. */
  String output() {
    return output;
  }

  int count() {
    return count;
  }

  int bestOf() {
    return bestOf;
  }
}
