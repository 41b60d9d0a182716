package io.github.lumina4j.model;

/** What the numbers of a tensor are, of those kinds that records of training data need. */
public enum ElementType {
  /** Unsigned, 8 bits. */
  U8(1),
  /** Signed, 32 bits. */
  I32(4),
  /** Signed, 64 bits. */
  I64(8);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one number. */
  public int bytes() {
    return bytes;
  }
}
