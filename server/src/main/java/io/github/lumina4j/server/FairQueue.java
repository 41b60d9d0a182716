package io.github.lumina4j.server;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A bounded queue with a lane for each client. Lanes take turns: however much one client has
 * waiting, another one's first item comes after at most one of each. Whose lane is empty for a
 * moment, because it sends its next item when the last one is done, keeps its turn. All methods may
 * be called from any thread.
 */
final class FairQueue<T> {
  /** What became of an {@link #offer}. */
  enum Offer {
    ACCEPTED,
    /** As many wait as may. */
    FULL,
    /** As many of this client wait as may. */
    LANE_FULL,
    CLOSED
  }

  private final int capacity;
  private final int perLane;
  private final Map<String, Lane<T>> lanes = new HashMap<>(); // those with items
  private final Map<String, Long> left; // turns of lanes that ran empty, the latest
  private long turns;
  private boolean closed;

  /** Items of a client; the lane with the smallest turn is next. */
  private record Lane<T>(long turn, Deque<T> items) {}

  FairQueue(int capacity, int perLane) {
    this.capacity = capacity;
    this.perLane = perLane;
    this.left =
        new LinkedHashMap<>() {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > capacity;
          }
        };
  }

  /** Adds an item at the end of its lane, if there is room. */
  synchronized Offer offer(String lane, T item) {
    if (closed) {
      return Offer.CLOSED;
    }
    if (size() >= capacity) {
      return Offer.FULL;
    }
    Lane<T> own = lanes.get(lane);
    if (own != null && own.items().size() >= perLane) {
      return Offer.LANE_FULL;
    }
    if (own == null) {
      Long turn = left.remove(lane);
      own = open(lane, turn == null ? turns++ : turn);
    }
    own.items().addLast(item);
    notifyAll();
    return Offer.ACCEPTED;
  }

  /**
   * Puts an item that was taken, and has more to do, back to the head of its lane, whose turn comes
   * after all others; there is always room for it.
   *
   * @return false if the queue is closed, and the item was not put back
   */
  synchronized boolean putBack(String lane, T item) {
    if (closed) {
      return false;
    }
    left.remove(lane);
    Lane<T> own = lanes.containsKey(lane) ? lanes.get(lane) : open(lane, turns++);
    own.items().addFirst(item);
    notifyAll();
    return true;
  }

  /**
   * Takes the head of the lane whose turn it is, waiting for one.
   *
   * @return null if the queue is closed
   */
  synchronized T take() throws InterruptedException {
    while (lanes.isEmpty() && !closed) {
      wait();
    }
    if (closed) {
      return null;
    }
    String lane =
        lanes.entrySet().stream()
            .min(Comparator.comparingLong(entry -> entry.getValue().turn()))
            .orElseThrow()
            .getKey();
    Deque<T> items = lanes.remove(lane).items();
    T item = items.removeFirst();
    if (items.isEmpty()) {
      left.put(lane, turns++);
    } else {
      lanes.put(lane, new Lane<>(turns++, items));
    }
    return item;
  }

  /** Takes an item out, wherever it is in its lane; false if it does not wait. */
  synchronized boolean remove(String lane, T item) {
    Lane<T> own = lanes.get(lane);
    if (own == null || !own.items().remove(item)) {
      return false;
    }
    if (own.items().isEmpty()) {
      lanes.remove(lane);
      left.put(lane, own.turn());
    }
    return true;
  }

  /** How many items would be taken up to this one if nothing came in between; 0: not waiting. */
  synchronized int position(String lane, T item) {
    Lane<T> own = lanes.get(lane);
    int depth = own == null ? -1 : new ArrayList<>(own.items()).indexOf(item);
    if (depth < 0) {
      return 0;
    }
    int position = depth + 1;
    for (Lane<T> other : lanes.values()) {
      if (other != own) {
        boolean before = other.turn() < own.turn();
        position += Math.min(other.items().size(), before ? depth + 1 : depth);
      }
    }
    return position;
  }

  /** How many items wait. */
  synchronized int size() {
    return lanes.values().stream().mapToInt(lane -> lane.items().size()).sum();
  }

  /** Takes nothing more and gives nothing more; what waited is handed back. */
  synchronized List<T> close() {
    List<T> waiting = lanes.values().stream().flatMap(lane -> lane.items().stream()).toList();
    closed = true;
    lanes.clear();
    notifyAll();
    return waiting;
  }

  private Lane<T> open(String lane, long turn) {
    Lane<T> own = new Lane<>(turn, new ArrayDeque<>());
    lanes.put(lane, own);
    return own;
  }
}
