package io.github.lumina4j.demo.book;

import io.github.lumina4j.demo.Canvas;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The places without things, by day and by night. Thread-safe. */
final class Backdrops {
  private record Key(Place place, boolean night) {}

  private static final Map<Key, Canvas> PAINTED = new ConcurrentHashMap<>();

  private static final int NIGHT_SKY = 0x1d2757;
  private static final int NIGHT_GLOW = 0x2d3b78;
  private static final int STAR = 0xf3e9b8;
  // Cells of the stars of a night sky; each lies within one cell.
  private static final int[][] STARS = {{1, 1}, {5, 0}, {8, 2}, {11, 1}, {14, 0}, {3, 3}, {13, 3}};
  // The same for space, all over.
  private static final int[][] SPACE_STARS = {
    {1, 1}, {5, 0}, {9, 2}, {13, 1}, {3, 4}, {11, 5}, {15, 4}, {7, 6}, {1, 8}, {13, 8}, {5, 10},
    {9, 11}, {15, 12}, {2, 13}, {7, 14}, {12, 14}
  };

  private Backdrops() {}

  /** The place, on a canvas of the caller's own. */
  static Canvas of(Place place, boolean night) {
    return PAINTED.computeIfAbsent(new Key(place, night), Backdrops::paint).copy();
  }

  private static Canvas paint(Key key) {
    Canvas canvas = new Canvas(BookScene.PIXELS);
    Painter painter = new Painter(canvas);
    switch (key.place) {
      case MEADOW -> meadow(painter, key.night);
      case FOREST -> forest(painter, key.night);
      case BEACH -> beach(painter, key.night);
      case SEA -> sea(painter, key.night);
      case SNOW -> snow(painter, key.night);
      case DESERT -> desert(painter, key.night);
      case CITY -> BuiltPlaces.city(painter, key.night);
      case ROOM -> BuiltPlaces.room(painter);
      case SPACE -> space(painter);
      case WHITE -> painter.fill(0xf7f7f9);
      case GREY -> painter.fill(0xb4b8c0);
      case YELLOW -> painter.fill(0xfbeaa6);
      case BLUE -> painter.fill(0xb5d8f7);
      case PINK -> painter.fill(0xf9d0de);
    }
    return canvas;
  }

  /** The sky, a little brighter below, with stars by night. */
  static void sky(Painter painter, boolean night, int day, int dayGlow) {
    painter.fill(night ? NIGHT_SKY : day);
    painter.below(x -> 32 + 3 * Math.cos(x * Math.PI / 32), night ? NIGHT_GLOW : dayGlow);
    if (night) {
      for (int[] cell : STARS) {
        star(painter, cell, (cell[0] + cell[1]) % 3 == 0 ? 1.6 : 1.1);
      }
    }
  }

  private static void star(Painter painter, int[] cell, double radius) {
    painter.disc(cell[0] * 8 + 4, cell[1] * 8 + 4, radius, STAR);
  }

  private static void meadow(Painter painter, boolean night) {
    sky(painter, night, 0x8fd0fb, 0xb9e3fd);
    painter.below(x -> 47 - 7 * Math.sin((x + 10) * Math.PI / 64), night ? 0x24455a : 0x9ad48a);
    painter.below(x -> 53 + 4 * Math.cos(x * Math.PI / 64), night ? 0x1f5352 : 0x7cc56c);
    painter.box(-1, 56, 129, 129, night ? 0x276253 : 0x8fd46a);
    int[][] tufts = {{2, 8}, {9, 9}, {14, 8}, {5, 11}, {12, 12}, {1, 13}, {8, 14}, {15, 15}};
    for (int[] cell : tufts) {
      tuft(painter, cell, night ? 0x1f5247 : 0x6fba55);
    }
    int[][] flowers = {{5, 8}, {11, 10}, {2, 10}, {14, 14}, {6, 15}};
    for (int[] cell : flowers) {
      painter.disc(cell[0] * 8 + 4, cell[1] * 8 + 4, 1.9, night ? 0x9fb2c9 : 0xffffff);
      painter.disc(cell[0] * 8 + 4, cell[1] * 8 + 4, 0.8, night ? 0xb5a866 : 0xf7c93a);
    }
  }

  /** Three blades of grass in one cell. */
  private static void tuft(Painter painter, int[] cell, int rgb) {
    double x = cell[0] * 8;
    double y = cell[1] * 8;
    painter.triangle(x + 2, y + 3, 1, y + 7, rgb);
    painter.triangle(x + 4, y + 1.5, 1.1, y + 7, rgb);
    painter.triangle(x + 6, y + 3, 1, y + 7, rgb);
  }

  private static void forest(Painter painter, boolean night) {
    sky(painter, night, 0xbfe3d6, 0xd6efe0);
    for (int i = 0; i < 9; i++) {
      fir(painter, i * 16 + 0, 12 + 5 * (i * 2 % 3), 60, 11, night ? 0x1f3c52 : 0x7fb79a);
    }
    for (int i = 0; i < 8; i++) {
      fir(painter, i * 16 + 8, 22 + 5 * (i % 3), 60, 10, night ? 0x1a4449 : 0x4f9a72);
    }
    painter.box(-1, 56, 129, 129, night ? 0x1e4d40 : 0x6fae56);
    int[][] tufts = {{1, 8}, {7, 8}, {13, 9}, {4, 10}, {10, 12}, {2, 14}, {15, 13}, {7, 15}};
    for (int[] cell : tufts) {
      tuft(painter, cell, night ? 0x173f36 : 0x559243);
    }
  }

  private static void fir(
      Painter painter, double x, double top, double bottom, double halfWidth, int rgb) {
    double step = (bottom - top) / 3;
    for (int i = 0; i < 3; i++) {
      painter.triangle(
          x, top + i * step * 0.8, halfWidth * (0.55 + 0.22 * i), top + (i + 1.4) * step, rgb);
    }
  }

  private static void beach(Painter painter, boolean night) {
    sky(painter, night, 0x8bd3fa, 0xb7e6fd);
    painter.box(-1, 44, 129, 129, night ? 0x1f4a7c : 0x35a7dc);
    for (int i = 0; i < 4; i++) {
      wave(painter, i * 4 + i % 2 * 2, 6, night ? 0x2d5f95 : 0x6cc4ea);
    }
    painter.below(x -> 61 + 2 * Math.cos(x * Math.PI / 16), night ? 0x7f9ab5 : 0xeefaff);
    painter.below(x -> 64 + 2 * Math.cos(x * Math.PI / 16), night ? 0x857f90 : 0xf6dfa8);
    int[][] pebbles = {{2, 10}, {12, 9}, {7, 11}, {14, 13}, {4, 14}, {10, 15}};
    for (int[] cell : pebbles) {
      painter.ellipse(cell[0] * 8 + 4, cell[1] * 8 + 4, 5, 3, night ? 0x726d80 : 0xe5c584);
    }
  }

  private static void wave(Painter painter, int cellX, int cellY, int rgb) {
    double x = cellX * 8 + 4;
    double y = cellY * 8 + 4;
    painter.area(
        (px, py) ->
            Math.max(Math.abs(px - x) - 6, Math.abs(py - y - Math.cos((px - x) * 0.7)) - 0.8),
        rgb);
  }

  private static void sea(Painter painter, boolean night) {
    sky(painter, night, 0x9bd8fb, 0xc6eafd);
    painter.box(-1, 48, 129, 129, night ? 0x1c4678 : 0x3aa3dd);
    painter.below(x -> 84 + 3 * Math.cos(x * Math.PI / 32), night ? 0x183d6b : 0x2b8fd0);
    int light = night ? 0x315f96 : 0x79c6ee;
    int[][] waves = {
      {2, 6}, {9, 7}, {13, 6}, {4, 9}, {12, 10}, {1, 12}, {8, 12}, {14, 13}, {5, 14}
    };
    for (int[] cell : waves) {
      wave(painter, cell[0], cell[1], light);
    }
  }

  private static void snow(Painter painter, boolean night) {
    sky(painter, night, 0xa9cdee, 0xc9e2f6);
    painter.polygon(
        night ? 0x4a5f92 : 0x93b4d8, new double[] {-6, 34, 74}, new double[] {60, 16, 60});
    painter.polygon(
        night ? 0xb9c8e6 : 0xffffff,
        new double[] {22, 34, 46, 40, 34, 28},
        new double[] {29.2, 16, 29.2, 27, 32, 27});
    painter.polygon(
        night ? 0x40558a : 0x86a9d1, new double[] {62, 100, 138}, new double[] {60, 22, 60});
    painter.polygon(
        night ? 0xb9c8e6 : 0xffffff,
        new double[] {90, 100, 110, 105, 100, 95},
        new double[] {32, 22, 32, 31, 35, 31});
    painter.below(x -> 55 + 2 * Math.cos(x * Math.PI / 64), night ? 0x8fa3cd : 0xe4eff9);
    painter.below(x -> 92 + 4 * Math.cos(x * Math.PI / 64), night ? 0x9fb1d8 : 0xf3f8fd);
    int[][] flakes = {{2, 8}, {13, 9}, {6, 10}, {10, 13}, {3, 14}, {15, 12}};
    for (int[] cell : flakes) {
      painter.ellipse(cell[0] * 8 + 4, cell[1] * 8 + 4, 6, 2.4, night ? 0x8396c4 : 0xd5e4f3);
    }
  }

  private static void desert(Painter painter, boolean night) {
    sky(painter, night, 0xffd9a0, 0xffe9c4);
    painter.below(x -> 48 - 8 * Math.cos((x - 30) * Math.PI / 48), night ? 0x57507a : 0xf0b871);
    painter.below(x -> 54 + 4 * Math.cos((x - 10) * Math.PI / 40), night ? 0x655b80 : 0xeaa95c);
    painter.box(-1, 58, 129, 129, night ? 0x72678a : 0xf4c27a);
    int[][] ripples = {{1, 8}, {8, 9}, {13, 8}, {4, 11}, {11, 12}, {2, 14}, {14, 14}, {7, 15}};
    for (int[] cell : ripples) {
      wave(painter, cell[0], cell[1], night ? 0x645a7e : 0xe5ac62);
    }
  }

  private static void space(Painter painter) {
    painter.fill(0x15173f);
    for (int[] cell : SPACE_STARS) {
      star(painter, cell, (cell[0] + cell[1]) % 3 == 0 ? 1.7 : 1.1);
    }
  }
}
