package io.github.lumina4j.cli;

/** What Ctrl-C does: usually it ends the program in order, but a conversation may want a say. */
interface Interrupts {
  /**
   * From now on, Ctrl-C runs {@code action}, on a thread of its own, until the result is closed.
   */
  Held hold(Runnable action);

  /** Ends the program as Ctrl-C usually does. */
  void end();

  /** A hold that ends when closed. */
  interface Held extends AutoCloseable {
    @Override
    void close();
  }
}
