package io.github.lumina4j.demo.book;

/** The places that people build. */
final class BuiltPlaces {
  private BuiltPlaces() {}

  static void city(Painter painter, boolean night) {
    Backdrops.sky(painter, night, 0xa6d8f6, 0xcbe9fb);
    int[] tops = {24, 40, 16, 32, 48, 24, 40, 16};
    int[] day = {0xe7b08f, 0x9fb8d6, 0xd8c08f, 0xc79bb0, 0x9cc9b4, 0xdfa98c, 0xa7b2da, 0xd9bf94};
    int[] dark = {0x4a4370, 0x343f72, 0x454372, 0x43386b, 0x2f4769, 0x4a416e, 0x374077, 0x474470};
    for (int i = 0; i < tops.length; i++) {
      int left = i * 16;
      painter.box(left, tops[i], left + 15, 72, night ? dark[i] : day[i]);
      for (int y = tops[i] + 2; y < 64; y += 8) {
        boolean lit = (i + y / 8) % 2 == 0;
        int pane = night ? lit ? 0xf7d878 : 0x2a3160 : 0xf2f8fc;
        painter.box(left + 2, y, left + 6, y + 5, pane);
        painter.box(left + 9, y, left + 13, y + 5, pane);
      }
    }
    painter.box(-1, 70, 129, 80, night ? 0x596089 : 0xd9d6cf);
    painter.box(-1, 80, 129, 129, night ? 0x3a4068 : 0x8f95a3);
    for (int x = 8; x < 128; x += 32) {
      painter.box(x, 106, x + 16, 109, night ? 0x8f95b5 : 0xf1efe6);
    }
  }

  static void room(Painter painter) {
    painter.fill(0xf7e3c8);
    for (int x = 8; x < 128; x += 16) {
      painter.box(x, 0, x + 8, 76, 0xf4dcbc);
    }
    painter.box(16, 8, 56, 48, 0xffffff);
    painter.box(19, 11, 34.5, 45, 0xa9daf7);
    painter.box(37.5, 11, 53, 45, 0xa9daf7);
    painter.box(80, 16, 112, 40, 0xb98553);
    painter.box(83, 19, 109, 37, 0xbfe3c7);
    painter.triangle(96, 23, 9, 37, 0x7fb98a);
    painter.box(-1, 74, 129, 80, 0xfffaf2);
    painter.box(-1, 80, 129, 129, 0xd3a36f);
    for (int y = 96; y < 128; y += 16) {
      painter.box(-1, y - 0.5, 129, y + 0.5, 0xc2915e);
    }
  }
}
