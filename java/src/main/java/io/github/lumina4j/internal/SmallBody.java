package io.github.lumina4j.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** A body that is read into memory, up to a limit; what comes beyond it is not read. */
public final class SmallBody extends Body {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final int limit;

  public SmallBody(int limit) {
    this.limit = limit;
  }

  @Override
  protected boolean take(ByteBuffer buffer) {
    byte[] piece = new byte[Math.min(buffer.remaining(), limit - bytes.size())];
    buffer.get(piece);
    bytes.writeBytes(piece);
    return bytes.size() < limit;
  }

  @Override
  protected byte[] result() {
    return bytes.toByteArray();
  }
}
