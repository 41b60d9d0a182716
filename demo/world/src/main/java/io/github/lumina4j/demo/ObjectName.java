package io.github.lumina4j.demo;

/** What an object is called where colour and shape tell it from all others: {@code red star}. */
public record ObjectName(Shape shape, ObjectColor color) {
  @Override
  public String toString() {
    return color.word() + " " + shape.word();
  }
}
