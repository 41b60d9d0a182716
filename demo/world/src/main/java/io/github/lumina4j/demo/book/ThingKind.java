package io.github.lumina4j.demo.book;

/** What a thing belongs to: its class in segmentation maps. */
public enum ThingKind {
  ANIMAL(0xfa3e3e),
  PLANT(0x3efa3e),
  FOOD(0xfafa3e),
  VEHICLE(0x3e6efa),
  BUILDING(0xfa8a2a),
  SKY(0x3efafa),
  OBJECT(0xfa3efa),
  SHAPE(0xfafafa);

  private final int segmentationRgb;

  ThingKind(int segmentationRgb) {
    this.segmentationRgb = segmentationRgb;
  }

  /** The colour of this class in segmentation maps, {@code 0xRRGGBB}. */
  public int segmentationRgb() {
    return segmentationRgb;
  }
}
