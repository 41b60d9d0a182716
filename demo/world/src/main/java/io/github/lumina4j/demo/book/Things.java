package io.github.lumina4j.demo.book;

import io.github.lumina4j.demo.Shape;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All things of the picture book: those of {@code things.tsv}, then the six shapes. */
public final class Things {
  private static final String TABLE = "things.tsv";
  private static final int COLUMNS = 7;
  private static final String NONE = "-";

  private static final List<Thing> ALL = read();
  private static final Map<String, Thing> BY_NAME =
      ALL.stream().collect(Collectors.toUnmodifiableMap(Thing::name, Function.identity()));

  private Things() {}

  /** Every thing, always in the same order. */
  public static List<Thing> all() {
    return ALL;
  }

  /**
   * The thing of that name; synonyms are no names.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Thing named(String name) {
    Thing thing = BY_NAME.get(name);
    if (thing == null) {
      throw new IllegalArgumentException("no thing is called '" + name + "'");
    }
    return thing;
  }

  private static List<Thing> read() {
    List<Thing> things = new ArrayList<>();
    try (InputStream table = Things.class.getResourceAsStream(TABLE);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))) {
      lines
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .forEach(line -> things.add(parse(line)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (Shape shape : Shape.values()) {
      things.add(
          new Thing(
              new Noun(shape.word(), shape.plural()),
              List.of(),
              ThingKind.SHAPE,
              Habitat.BOTH,
              Optional.empty(),
              Optional.of(shape)));
    }
    return List.copyOf(things);
  }

  private static Thing parse(String line) {
    String[] fields = line.split("\t", -1);
    if (fields.length != COLUMNS) {
      throw new IllegalStateException(TABLE + ": " + fields.length + " columns in: " + line);
    }
    return new Thing(
        new Noun(fields[0], fields[1]),
        fields[2].equals(NONE) ? List.of() : nouns(fields[2]),
        ThingKind.valueOf(fields[4].toUpperCase(Locale.ROOT)),
        Habitat.valueOf(fields[5].toUpperCase(Locale.ROOT)),
        fields[6].equals(NONE) ? Optional.empty() : Optional.of(hues(fields[6])),
        Optional.empty());
  }

  private static List<Noun> nouns(String text) {
    List<Noun> nouns = new ArrayList<>();
    for (String both : text.split(",")) {
      String[] words = both.split("/");
      nouns.add(new Noun(words[0], words[1]));
    }
    return nouns;
  }

  private static HueRange hues(String text) {
    String[] ends = text.split("-");
    return new HueRange(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]));
  }
}
