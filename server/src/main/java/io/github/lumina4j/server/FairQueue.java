package io.github.lumina4j.server;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A bounded queue with a lane for each client. Lanes take turns: however much one client has
 * waiting, another one's first item comes after at most one of each. All methods may be called from
 * any thread.
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
  // In the order of their turns; a lane without items is not kept.
  private final Map<String, Deque<T>> lanes = new LinkedHashMap<>();
  private boolean closed;

  FairQueue(int capacity, int perLane) {
    this.capacity = capacity;
    this.perLane = perLane;
  }

  /** Adds an item at the end of its lane, if there is room. */
  synchronized Offer offer(String lane, T item) {
    if (closed) {
      return Offer.CLOSED;
    }
    if (size() >= capacity) {
      return Offer.FULL;
    }
    if (lanes.containsKey(lane) && lanes.get(lane).size() >= perLane) {
      return Offer.LANE_FULL;
    }
    lane(lane).addLast(item);
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
    lane(lane).addFirst(item);
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
    Map.Entry<String, Deque<T>> turn = lanes.entrySet().iterator().next();
    String lane = turn.getKey();
    Deque<T> items = turn.getValue();
    lanes.remove(lane);
    T item = items.removeFirst();
    if (!items.isEmpty()) {
      lanes.put(lane, items);
    }
    return item;
  }

  /** Takes an item out, wherever it is in its lane; false if it does not wait. */
  synchronized boolean remove(String lane, T item) {
    Deque<T> items = lanes.get(lane);
    if (items == null || !items.remove(item)) {
      return false;
    }
    if (items.isEmpty()) {
      lanes.remove(lane);
    }
    return true;
  }

  /** How many items would be taken up to this one if nothing came in between; 0: not waiting. */
  synchronized int position(String lane, T item) {
    Deque<T> own = lanes.get(lane);
    int depth = own == null ? -1 : new ArrayList<>(own).indexOf(item);
    if (depth < 0) {
      return 0;
    }
    int position = depth + 1;
    boolean before = true;
    for (Map.Entry<String, Deque<T>> other : lanes.entrySet()) {
      if (other.getKey().equals(lane)) {
        before = false;
      } else {
        position += Math.min(other.getValue().size(), before ? depth + 1 : depth);
      }
    }
    return position;
  }

  /** How many items wait. */
  synchronized int size() {
    return lanes.values().stream().mapToInt(Deque::size).sum();
  }

  /** Takes nothing more and gives nothing more; what waited is handed back. */
  synchronized List<T> close() {
    List<T> waiting = lanes.values().stream().<T>flatMap(Deque::stream).toList();
    closed = true;
    lanes.clear();
    notifyAll();
    return waiting;
  }

  private Deque<T> lane(String lane) {
    return lanes.computeIfAbsent(lane, name -> new ArrayDeque<>());
  }
}
