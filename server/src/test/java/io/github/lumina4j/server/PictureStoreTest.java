package io.github.lumina4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PictureStoreTest {
  private long now = Long.MAX_VALUE - 500; // nanoTime may overflow
  private final PictureStore store = new PictureStore(Duration.ofNanos(1000), 100, () -> now);

  @Test
  void a_picture_stays_for_its_time() {
    String name = store.put(new byte[10], "image/png");
    now += 999;
    assertThat(store.get(name)).isPresent();
    now += 1;
    assertThat(store.get(name)).isEmpty();
    assertThat(store.bytes()).isZero();
  }

  @Test
  void the_oldest_make_room() {
    String first = store.put(new byte[60], "image/png");
    String second = store.put(new byte[40], "image/png");
    assertThat(store.get(first)).isPresent();
    String third = store.put(new byte[1], "image/png");
    assertThat(store.get(first)).isEmpty();
    assertThat(store.get(second)).isPresent();
    assertThat(store.get(third)).isPresent();
    assertThat(store.bytes()).isEqualTo(41);
    String large = store.put(new byte[1000], "image/png");
    assertThat(store.get(large)).isPresent();
    assertThat(store.bytes()).isEqualTo(1000);
  }

  @Test
  void names_are_long_and_never_the_same() {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      names.add(store.put(new byte[0], "image/png"));
    }
    assertThat(names).hasSize(1000).allMatch(name -> name.matches("[A-Za-z0-9_-]{24}"));
  }
}
