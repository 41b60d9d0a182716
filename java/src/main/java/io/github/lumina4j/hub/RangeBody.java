package io.github.lumina4j.hub;

import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.internal.Body;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;

/** A body that is written to its place in a file as it comes. */
final class RangeBody extends Body {
  private final PartialFile file;
  private final String name;
  private final long end;
  private final LongAdder arrived;
  private long position;

  /**
   * The bytes from {@code position} to before {@code end}.
   *
   * @param name for messages
   * @param arrived counts bytes that were not there before
   */
  RangeBody(PartialFile file, String name, long position, long end, LongAdder arrived) {
    this.file = file;
    this.name = name;
    this.position = position;
    this.end = end;
    this.arrived = arrived;
  }

  @Override
  protected boolean take(ByteBuffer buffer) {
    if (buffer.remaining() > end - position) {
      throw new CheckpointException(name + ": more bytes come than the hub has announced");
    }
    int count = buffer.remaining();
    try {
      arrived.add(file.write(position, buffer));
    } catch (IOException e) {
      throw HubFailures.disk(file.path(), e);
    }
    position += count;
    return true;
  }

  @Override
  protected byte[] result() {
    return new byte[0];
  }
}
