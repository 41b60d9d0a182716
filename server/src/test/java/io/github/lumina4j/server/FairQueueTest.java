package io.github.lumina4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.server.FairQueue.Offer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FairQueueTest {
  private final FairQueue<String> queue = new FairQueue<>(6, 4);

  private void offer(String... items) {
    for (String item : items) {
      assertThat(queue.offer(item.substring(0, 1), item)).isEqualTo(Offer.ACCEPTED);
    }
  }

  private List<String> takeAll() throws InterruptedException {
    List<String> taken = new ArrayList<>();
    while (queue.size() > 0) {
      taken.add(queue.take());
    }
    return taken;
  }

  @Test
  void lanes_take_turns() throws InterruptedException {
    offer("a1", "a2", "a3", "b1", "c1", "b2");
    assertThat(takeAll()).containsExactly("a1", "b1", "c1", "a2", "b2", "a3");
  }

  @Test
  void what_has_more_to_do_waits_for_all_other_lanes() throws InterruptedException {
    offer("a1", "a2");
    String item = queue.take();
    offer("b1");
    assertThat(queue.putBack("a", item)).isTrue();
    assertThat(takeAll()).containsExactly("a1", "b1", "a2");
    assertThat(item).isEqualTo("a1");
  }

  @Test
  void who_asks_again_when_served_keeps_the_turn() throws InterruptedException {
    offer("a1", "s1", "b1", "a2", "b2");
    assertThat(queue.take()).isEqualTo("a1");
    assertThat(queue.take()).isEqualTo("s1");
    // The answer is on its way; the next is taken meanwhile, and that client has more.
    assertThat(queue.take()).isEqualTo("b1");
    offer("s2");
    assertThat(takeAll()).containsExactly("a2", "s2", "b2");
  }

  @Test
  void who_comes_anew_waits_for_all_that_are_there() throws InterruptedException {
    offer("a1", "b1");
    assertThat(queue.take()).isEqualTo("a1");
    offer("n1", "a2");
    assertThat(takeAll()).containsExactly("b1", "a2", "n1");
  }

  @Test
  void room_is_limited_for_all_and_for_each() {
    offer("a1", "a2", "a3", "a4");
    assertThat(queue.offer("a", "a5")).isEqualTo(Offer.LANE_FULL);
    offer("b1", "c1");
    assertThat(queue.offer("d", "d1")).isEqualTo(Offer.FULL);
    assertThat(queue.remove("a", "a2")).isTrue();
    offer("d1");
  }

  @Test
  void the_position_is_the_number_of_turns_until_then() throws InterruptedException {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      FairQueue<String> many = new FairQueue<>(30, 30);
      Map<String, Integer> expected = new HashMap<>();
      for (int i = 0; i < 12; i++) {
        String item = "abcd".charAt(random.nextInt(4)) + "" + i;
        many.offer(item.substring(0, 1), item);
        expected.put(item, 0);
        if (random.nextInt(4) == 0) {
          expected.remove(many.take());
        }
      }
      expected.replaceAll((item, unknown) -> many.position(item.substring(0, 1), item));
      for (int turn = 1; many.size() > 0; turn++) {
        assertThat(expected).containsEntry(many.take(), turn);
      }
      assertThat(many.position("a", "a1")).isZero();
    }
  }

  @Test
  void closing_hands_back_what_waits() throws InterruptedException {
    offer("a1", "b1", "a2");
    assertThat(queue.close()).containsExactlyInAnyOrder("a1", "a2", "b1");
    assertThat(queue.take()).isNull();
    assertThat(queue.putBack("a", "a1")).isFalse();
    assertThat(queue.offer("a", "a3")).isEqualTo(Offer.CLOSED);
  }

  @Test
  void closing_wakes_who_waits_for_an_item() throws Exception {
    List<String> taken = new ArrayList<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                taken.add(queue.take());
              } catch (InterruptedException e) {
                taken.add("interrupted");
              }
            });
    thread.start();
    queue.close();
    thread.join(60_000);
    assertThat(taken).containsExactly((String) null);
  }
}
