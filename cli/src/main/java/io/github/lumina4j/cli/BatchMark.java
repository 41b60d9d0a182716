package io.github.lumina4j.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lumina4j.DecodingOptions;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.PipelineOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a picture of a batch was asked as: everything that decides it, by which a finished picture
 * is known again. Two requests are the same if they agree in each field; a field that one of them
 * does not have has its default, so that a program with more options knows the pictures of one with
 * fewer.
 *
 * @param key what its line is known by
 * @param hash of marks before version 2, which held neither of the rest; null since
 * @param request the record of the request as it was asked, without names of files
 * @param model what was loaded
 * @param imageSha256 hash of the given picture's file; null if there is none
 * @param verifier how candidates were scored; null if there were none
 */
record BatchMark(
    String key,
    String hash,
    ObjectNode request,
    LoadedFiles model,
    String imageSha256,
    String verifier) {

  /** What a file is to a batch. */
  enum State {
    /** There is none. */
    MISSING,
    /** The picture that was asked for. */
    DONE,
    /**
     * The same as far as a mark of version 1 tells: its model and given picture are known by name
     * only, since its hash held the times of files.
     */
    DONE_BY_RECORD,
    /** Another picture, or no picture of a batch. */
    OTHER
  }

  /**
   * A file, and for {@link State#OTHER} what differs.
   *
   * @param differences for people; empty if it is no picture of a batch
   */
  record Found(State state, List<String> differences) {}

  /** The key of the text in the picture's file. */
  static final String TEXT = "lumina4j-batch";

  /** Of the run and not of the request; how many were drawn together only moves roundings. */
  private static final Set<String> OF_THE_RUN = Set.of("software", "together");

  /** Names of what {@link #model} and {@link #imageSha256} know by content. */
  private static final Set<String> NAMES = Set.of("model", "lora", "image_tokenizer", "image");

  private static final Map<String, JsonNode> DEFAULTS = defaults();

  /** The mark of a picture that is to be made; {@code record} is of the request as asked. */
  static BatchMark of(
      String key, RequestRecord record, LoadedFiles model, String imageSha256, String verifier) {
    ObjectNode request = JsonText.tree(record);
    request.remove(OF_THE_RUN);
    return new BatchMark(key, null, request, model, imageSha256, verifier);
  }

  /** The text of the mark in a picture's file, where names of files have no place. */
  String text() {
    return JsonText.of(
        new BatchMark(key, null, request.deepCopy().remove(NAMES), model, imageSha256, verifier));
  }

  /**
   * Whether the texts in a picture's file are of this request.
   *
   * @param texts by their keys
   */
  Found find(Map<String, String> texts) {
    try {
      String text = texts.get(TEXT);
      if (text == null) {
        return new Found(State.OTHER, List.of());
      }
      BatchMark mark = JsonText.reader(BatchMark.class).readValue(text);
      if (mark.request() == null) {
        JsonNode record = JsonText.reader(JsonNode.class).readTree(texts.get(PictureText.KEY));
        return record instanceof ObjectNode object
            ? found(differences(asked(object), request), State.DONE_BY_RECORD)
            : new Found(State.OTHER, List.of());
      }
      List<String> differences =
          differences(mark.request().deepCopy().remove(NAMES), request.deepCopy().remove(NAMES));
      addIfDifferent(differences, "another model", mark.model().model(), model.model());
      addIfDifferent(
          differences,
          "another image tokenizer",
          mark.model().imageTokenizer(),
          model.imageTokenizer());
      addIfDifferent(differences, "other adapters", mark.model().lora(), model.lora());
      addIfDifferent(differences, "another given picture", mark.imageSha256(), imageSha256);
      addIfDifferent(differences, "another verifier", mark.verifier(), verifier);
      return found(differences, State.DONE);
    } catch (JsonProcessingException | IllegalArgumentException | NullPointerException e) {
      return new Found(State.OTHER, List.of()); // no mark of ours
    }
  }

  private static Found found(List<String> differences, State same) {
    return new Found(differences.isEmpty() ? same : State.OTHER, differences);
  }

  private static void addIfDifferent(List<String> list, String what, Object was, Object is) {
    if (!Objects.equals(was, is)) {
      list.add(what);
    }
  }

  /** What was asked for, from the record of what was made of it. */
  private static ObjectNode asked(ObjectNode made) {
    ObjectNode record = made.deepCopy();
    record.remove(OF_THE_RUN);
    if (record.path("best_of") instanceof ObjectNode bestOf) {
      record.set("seed", bestOf.get("first_seed"));
      bestOf.remove("score");
    }
    return record;
  }

  private static List<String> differences(ObjectNode was, ObjectNode is) {
    Map<String, JsonNode> before = flat(was);
    Map<String, JsonNode> now = flat(is);
    boolean speculative = before.containsKey("speculate.mode") && now.containsKey("speculate.mode");
    if (!now.containsKey("speculate.window")) {
      before.remove("speculate.window"); // the device chose it
    }
    Set<String> names = new TreeSet<>(before.keySet());
    names.addAll(now.keySet());
    List<String> differences = new ArrayList<>();
    for (String name : names) {
      JsonNode usual = speculative || !name.startsWith("speculate.") ? DEFAULTS.get(name) : null;
      JsonNode a = before.getOrDefault(name, usual);
      JsonNode b = now.getOrDefault(name, usual);
      if (!same(a, b)) {
        differences.add(name.replace('_', '-') + " " + words(a) + ", now " + words(b));
      }
    }
    return differences;
  }

  private static boolean same(JsonNode a, JsonNode b) {
    if (a == null || b == null) {
      return a == b;
    }
    return a.isNumber() && b.isNumber()
        ? a.decimalValue().compareTo(b.decimalValue()) == 0
        : a.equals(b);
  }

  private static String words(JsonNode value) {
    return value == null ? "none" : value.isTextual() ? "'" + value.asText() + "'" : "" + value;
  }

  /** Fields of fields by both names, with a dot. */
  private static Map<String, JsonNode> flat(ObjectNode node) {
    Map<String, JsonNode> flat = new TreeMap<>();
    node.fields()
        .forEachRemaining(
            field -> {
              if (field.getValue() instanceof ObjectNode inner) {
                flat(inner).forEach((name, value) -> flat.put(field.getKey() + "." + name, value));
              } else if (!field.getValue().isNull()) {
                flat.put(field.getKey(), field.getValue());
              }
            });
    return flat;
  }

  /** What options are that nobody gave. */
  private static Map<String, JsonNode> defaults() {
    GenerationRequest plain = GenerationRequest.builder("a picture").build();
    RequestRecord record =
        RequestRecord.of(
            plain.withDecoding(DecodingOptions.SPECULATIVE),
            Optional.empty(),
            Panel.WHOLE,
            PipelineOptions.builder(Path.of("model")).build());
    Map<String, JsonNode> defaults = flat(JsonText.tree(record));
    // Where pictures differ by nature there is nothing usual.
    defaults
        .keySet()
        .removeAll(
            Set.of("task", "template", "prompt", "seed", "width", "height", "model", "software"));
    return defaults;
  }
}
