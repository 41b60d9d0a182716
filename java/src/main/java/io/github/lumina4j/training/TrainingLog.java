package io.github.lumina4j.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The figures of a run over its steps, from its {@code log.jsonl}. */
final class TrainingLog {
  /** The running mean looks at this share of the points. */
  private static final double WINDOW = 0.02;

  private final Map<String, List<double[]>> points = new LinkedHashMap<>();

  private TrainingLog() {}

  /**
   * A figure over the steps.
   *
   * @param steps updates done, rising
   * @param values as many, finite
   */
  record Series(String name, double[] steps, double[] values) {
    /** The mean of the points around each, as many before as after. */
    double[] smoothed() {
      int reach = (int) (WINDOW / 2 * values.length);
      double[] sums = new double[values.length + 1];
      for (int i = 0; i < values.length; i++) {
        sums[i + 1] = sums[i] + values[i];
      }
      double[] means = new double[values.length];
      for (int i = 0; i < values.length; i++) {
        int side = Math.min(reach, Math.min(i, values.length - 1 - i));
        means[i] = (sums[i + side + 1] - sums[i - side]) / (2 * side + 1);
      }
      return means;
    }
  }

  /** Reads a log; a last line that is being written is left out. */
  static TrainingLog read(Path file) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    TrainingLog log = new TrainingLog();
    try (Stream<String> lines = Files.lines(file)) {
      for (String line : (Iterable<String>) lines::iterator) {
        try {
          log.add(mapper.readTree(line));
        } catch (JsonProcessingException e) {
          break;
        }
      }
    }
    return log;
  }

  private void add(JsonNode update) {
    if (!update.path("step").isNumber()) {
      return;
    }
    double step = update.path("step").asDouble() + 1;
    update
        .fields()
        .forEachRemaining(
            field -> {
              if (field.getValue().isNumber()) {
                points
                    .computeIfAbsent(field.getKey(), name -> new ArrayList<>())
                    .add(new double[] {step, field.getValue().asDouble()});
              }
            });
  }

  /** Loss, learning rate, and what was validated, as far as they are there. */
  List<Series> curves() {
    List<String> names = new ArrayList<>(List.of("loss", "learning_rate"));
    points.keySet().stream().filter(name -> name.startsWith("validation_")).forEach(names::add);
    return names.stream().filter(points::containsKey).map(this::series).toList();
  }

  private Series series(String name) {
    List<double[]> list = points.get(name);
    return new Series(
        name.replace('_', ' '),
        list.stream().mapToDouble(point -> point[0]).toArray(),
        list.stream().mapToDouble(point -> point[1]).toArray());
  }
}
