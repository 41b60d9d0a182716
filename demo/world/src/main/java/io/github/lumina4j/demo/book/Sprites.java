package io.github.lumina4j.demo.book;

import io.github.lumina4j.demo.SceneRenderer;
import io.github.lumina4j.demo.Shape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.imageio.ImageIO;

/** The things in their boxes: centred, standing a little above the lower side. Thread-safe. */
final class Sprites {
  private record Key(ThingName name, ThingSize size) {}

  private static final Map<Key, Sprite> DRAWN = new ConcurrentHashMap<>();

  private Sprites() {}

  static Sprite of(ThingName name, ThingSize size) {
    return DRAWN.computeIfAbsent(new Key(name, size), Sprites::draw);
  }

  private static Sprite draw(Key key) {
    Thing thing = key.name.thing();
    if (thing.shape().isPresent()) {
      return shape(thing.shape().get(), key.name.color().rgb(), key.size);
    }
    Sprite picture = inBox(read(thing, key.size), key.size);
    return thing
        .hue()
        .map(range -> new Recolouring(range).apply(picture, key.name.color()))
        .orElse(picture);
  }

  private static BufferedImage read(Thing thing, ThingSize size) {
    String file = size.word() + "/" + thing.name().replace(' ', '-') + ".png";
    try (InputStream stream = Sprites.class.getResourceAsStream(file)) {
      return ImageIO.read(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  private static Sprite inBox(BufferedImage picture, ThingSize size) {
    int side = size.pixels();
    float[] alpha = new float[side * side];
    int[] rgb = new int[side * side];
    int left = (side - picture.getWidth()) / 2;
    int top = side - size.floor() - picture.getHeight();
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        int argb = picture.getRGB(x, y);
        int at = (top + y) * side + left + x;
        alpha[at] = (argb >>> 24) / 255f;
        rgb[at] = argb & 0xffffff;
      }
    }
    return new Sprite(side, alpha, rgb);
  }

  private static Sprite shape(Shape shape, int color, ThingSize size) {
    int side = size.pixels();
    float[] alpha = new float[side * side];
    int[] rgb = new int[side * side];
    double radius = size.side() / 2.0;
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        double fromX = x + 0.5 - side / 2.0;
        double fromY = y + 0.5 - (side - size.floor() - radius);
        double distance = shape.distance(fromX, fromY, radius);
        double across = (x + y) / (2.0 * side - 2);
        alpha[y * side + x] = (float) Math.max(0, Math.min(1, 0.5 - distance));
        rgb[y * side + x] = SceneRenderer.shaded(color, distance, across);
      }
    }
    return new Sprite(side, alpha, rgb);
  }
}
