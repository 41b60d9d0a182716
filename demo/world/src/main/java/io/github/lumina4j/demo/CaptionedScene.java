package io.github.lumina4j.demo;

/** A scene and what is said about it. */
public record CaptionedScene(Caption caption, Scene scene) {}
