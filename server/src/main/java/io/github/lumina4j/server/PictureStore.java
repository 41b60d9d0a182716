package io.github.lumina4j.server;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Pictures that are fetched by their URL: in memory, under names that nobody guesses, for a limited
 * time and in limited space, the oldest first to go. Used by the event loop only.
 */
final class PictureStore {
  // 144 bits, a whole number of Base64 characters.
  private static final int NAME_BYTES = 18;

  /** A kept picture. */
  record Kept(byte[] file, String type, long expires) {}

  private final SecureRandom random = new SecureRandom();
  private final Map<String, Kept> pictures = new LinkedHashMap<>();
  private final long keepNanos;
  private final long maxBytes;
  private final LongSupplier clock;
  private long bytes;

  /** {@code clock} tells nanoseconds. */
  PictureStore(Duration keep, long maxBytes, LongSupplier clock) {
    this.keepNanos = keep.toNanos();
    this.maxBytes = maxBytes;
    this.clock = clock;
  }

  /**
   * Keeps a picture.
   *
   * @param type its media type
   * @return its name
   */
  String put(byte[] file, String type) {
    byte[] name = new byte[NAME_BYTES];
    random.nextBytes(name);
    String text = Base64.getUrlEncoder().encodeToString(name);
    pictures.put(text, new Kept(file, type, clock.getAsLong() + keepNanos));
    bytes += file.length;
    drop();
    return text;
  }

  /** The picture of that name, if it is still there. */
  Optional<Kept> get(String name) {
    drop();
    return Optional.ofNullable(pictures.get(name));
  }

  /** Lets go of what is too old, and of the oldest while there is too much; the newest stays. */
  void drop() {
    long now = clock.getAsLong();
    Iterator<Kept> oldest = pictures.values().iterator();
    while (oldest.hasNext()) {
      Kept kept = oldest.next();
      boolean crowded = bytes > maxBytes && pictures.size() > 1;
      if (!crowded && kept.expires() - now > 0) {
        return;
      }
      bytes -= kept.file().length;
      oldest.remove();
    }
  }

  /** Bytes of all kept pictures. */
  long bytes() {
    return bytes;
  }
}
