package io.github.lumina4j.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A sentence with places for a picture size and the user's words.
 *
 * <p>Places are {@code {w}}, {@code {h}}, {@code {prompt}} and {@code {description}}; each may
 * occur any number of times. <code>{{</code> and <code>}}</code> stand for a brace. What is filled
 * in is never read again: a prompt may contain <code>{w}</code>.
 */
public final class PromptTemplate {

  /** What a template can have a place for. */
  public enum Place {
    /** Width of the whole picture in pixels, decimal. */
    WIDTH("w", false),
    /** Height of the whole picture in pixels, decimal. */
    HEIGHT("h", false),
    /** What the user asks for. */
    PROMPT("prompt", true),
    /** What the user says about the given picture. */
    DESCRIPTION("description", true);

    private final String id;
    private final boolean userText;

    Place(String id, boolean userText) {
      this.id = id;
      this.userText = userText;
    }

    /** The name between the braces. */
    public String id() {
      return id;
    }

    private static Place of(String id) {
      for (Place place : values()) {
        if (place.id.equals(id)) {
          return place;
        }
      }
      String known =
          Arrays.stream(values()).map(p -> "{" + p.id + "}").collect(Collectors.joining(", "));
      throw new IllegalArgumentException(
          "template: unknown placeholder {" + id + "}; known: " + known);
    }
  }

  // Either literal text or a place; never both.
  private record Piece(String literal, Place place) {}

  private final List<Piece> pieces;
  private final Set<Place> places;

  private PromptTemplate(List<Piece> pieces) {
    this.pieces = List.copyOf(pieces);
    EnumSet<Place> found = EnumSet.noneOf(Place.class);
    for (Piece piece : pieces) {
      if (piece.place() != null) {
        found.add(piece.place());
      }
    }
    this.places = Collections.unmodifiableSet(found);
  }

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException if it is blank, has an unknown placeholder or a brace without
   *     its partner
   */
  public static PromptTemplate parse(String template) {
    Objects.requireNonNull(template, "template");
    if (template.isBlank()) {
      throw new IllegalArgumentException("template: empty");
    }
    List<Piece> pieces = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    for (int i = 0; i < template.length(); i++) {
      char c = template.charAt(i);
      boolean doubled = i + 1 < template.length() && template.charAt(i + 1) == c;
      if (c != '{' && c != '}') {
        literal.append(c);
      } else if (doubled) {
        literal.append(c);
        i++;
      } else {
        int end = c == '{' ? template.indexOf('}', i) : -1;
        if (end < 0) {
          throw new IllegalArgumentException(
              "template: '"
                  + c
                  + "' at character "
                  + characterNumber(template, i)
                  + " has no partner; write it twice for a plain brace");
        }
        if (!literal.isEmpty()) {
          pieces.add(new Piece(literal.toString(), null));
          literal.setLength(0);
        }
        pieces.add(new Piece(null, Place.of(template.substring(i + 1, end))));
        i = end;
      }
    }
    if (!literal.isEmpty()) {
      pieces.add(new Piece(literal.toString(), null));
    }
    return new PromptTemplate(pieces);
  }

  /** The places this template has. */
  public Set<Place> places() {
    return places;
  }

  /**
   * The sentence with {@code values} in its places.
   *
   * @throws IllegalArgumentException if a place has no value
   */
  public FilledTemplate fill(Map<Place, String> values) {
    StringBuilder text = new StringBuilder();
    List<FilledTemplate.UserText> userTexts = new ArrayList<>();
    for (Piece piece : pieces) {
      if (piece.place() == null) {
        text.append(piece.literal());
        continue;
      }
      String value = values.get(piece.place());
      if (value == null) {
        throw new IllegalArgumentException("nothing given for {" + piece.place().id() + "}");
      }
      int start = text.length();
      text.append(value);
      if (piece.place().userText) {
        userTexts.add(new FilledTemplate.UserText(piece.place().id(), start, text.length()));
      }
    }
    return new FilledTemplate(text.toString(), userTexts);
  }

  /** The number, from 1, of the character at {@code index}; an emoji counts as one. */
  static int characterNumber(String text, int index) {
    return text.codePointCount(0, index) + 1;
  }
}
