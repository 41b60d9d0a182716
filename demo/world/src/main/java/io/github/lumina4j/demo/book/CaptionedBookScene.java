package io.github.lumina4j.demo.book;

/** A scene and what is said about it. */
public record CaptionedBookScene(BookCaption caption, BookScene scene) {}
