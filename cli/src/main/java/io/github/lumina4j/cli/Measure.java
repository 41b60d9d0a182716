package io.github.lumina4j.cli;

import com.fasterxml.jackson.annotation.JsonValue;
import io.github.lumina4j.demo.MapKind;
import io.github.lumina4j.demo.check.EvaluationItem.Truth;
import java.util.Locale;
import java.util.Optional;

/** What an evaluation measures besides right and wrong, and from where on it is good. */
enum Measure {
  /** 0 to 1. */
  EDGE_F1("edge F1", 0.7, 1),
  /** 0 to 255; small is good. */
  DEPTH_RMSE("depth RMSE", 20, 255),
  /** 0 to 1. */
  MEAN_IOU("mIoU", 0.7, 1),
  /** Decibels of what an edit leaves alone. */
  KEPT_PSNR("kept PSNR", 25, 1);

  /** What equal pictures count as, so that means stay finite. */
  static final double MAX_DECIBELS = 99;

  private final String words;
  private final double mark;
  private final double scale;

  Measure(String words, double mark, double scale) {
    this.words = words;
    this.mark = mark;
    this.scale = scale;
  }

  /** What is measured of an answer to that; none if it is only right or wrong. */
  static Optional<Measure> of(Truth truth) {
    if (truth instanceof Truth.Pair pair) {
      return Optional.of(of(pair.kind()));
    }
    if (truth instanceof Truth.Controlled controlled) {
      return Optional.of(of(controlled.kind()));
    }
    if (truth instanceof Truth.Dense dense) {
      return Optional.of(of(dense.kind()));
    }
    return truth instanceof Truth.Edited ? Optional.of(KEPT_PSNR) : Optional.empty();
  }

  private static Measure of(MapKind kind) {
    return switch (kind) {
      case DEPTH -> DEPTH_RMSE;
      case CANNY -> EDGE_F1;
      case SEGMENTATION -> MEAN_IOU;
    };
  }

  /** The name in JSON. */
  @JsonValue
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The name in tables. */
  String words() {
    return words;
  }

  /** The figure in this measure's unit. */
  double value(double score) {
    return this == KEPT_PSNR ? Math.min(score, MAX_DECIBELS) : score * scale;
  }

  /** Whether a figure of {@link #value} is good. */
  boolean reached(double value) {
    return this == DEPTH_RMSE ? value <= mark : value >= mark;
  }

  /** The figure as people read it. */
  String text(double value) {
    return Units.decimal(value, scale == 1 && mark < 1 ? 3 : 1);
  }

  /** What is good, such as {@code at least 0.7}. */
  String goal() {
    String number = mark < 1 ? Double.toString(mark) : Long.toString((long) mark);
    return (this == DEPTH_RMSE ? "at most " : "at least ") + number;
  }
}
