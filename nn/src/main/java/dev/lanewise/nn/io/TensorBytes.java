package dev.lanewise.nn.io;

import dev.lanewise.nn.Tensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The bytes of a safetensors file, read some at a time, so that it is never in memory whole. */
final class TensorBytes {

  /** Bytes that are read at once. */
  private static final int CHUNK = 1 << 20;

  /** Where the bytes of a file are. */
  interface Bytes {
    /** Fills some of a buffer with those from a position on; -1 at the end. */
    int read(ByteBuffer to, long position) throws IOException;
  }

  private final Bytes file;
  private final long size;
  private final String name;

  /** Where the header ends. */
  private long dataStart;

  /** What elements pass through; whoever reads a tensor holds the lock. */
  private final ByteBuffer some = buffer(CHUNK);

  /**
   * The bytes of a file.
   *
   * @param size how many
   * @param name what messages call it
   */
  TensorBytes(Bytes file, long size, String name) {
    this.file = file;
    this.size = size;
    this.name = name;
  }

  /**
   * Reads the header, which comes before all tensors.
   *
   * @throws IOException if it cannot be read or is not whole and consistent
   */
  SafetensorsHeader header() throws IOException {
    if (size < Long.BYTES) {
      throw new IOException(
          "%s: a safetensors file has at least 8 bytes, this has %d".formatted(name, size));
    }
    long length = fill(buffer(Long.BYTES), 0).getLong();
    if (length < 2 || length > size - Long.BYTES) {
      throw new IOException(
          "%s: says its header has %s bytes; it has at least 2 and at most the %d that follow"
              .formatted(name, Long.toUnsignedString(length), size - Long.BYTES));
    }
    byte[] text = new byte[(int) length];
    fill(ByteBuffer.wrap(text), Long.BYTES);
    dataStart = Long.BYTES + length;
    return SafetensorsHeader.read(new ByteArrayInputStream(text), (int) (size - dataStart), name);
  }

  /** A tensor whose elements are read now. */
  Tensor tensor(SafetensorsHeader.Entry entry) throws IOException {
    float[] values = new float[entry.elements()];
    read(entry, values);
    return Tensor.of(values, entry.dims());
  }

  /** A tensor whose elements are read when they are asked for. */
  Tensor stored(SafetensorsHeader.Entry entry) {
    return Tensor.stored(into -> read(entry, into), entry.dims());
  }

  private synchronized void read(SafetensorsHeader.Entry entry, float[] into) throws IOException {
    ElementType type = entry.type();
    long begin = dataStart + entry.begin();
    int most = CHUNK / type.bytes();
    for (int first = 0; first < entry.elements(); first += most) {
      int count = Math.min(most, entry.elements() - first);
      some.clear().limit(count * type.bytes());
      fill(some, begin + (long) first * type.bytes());
      if (type == ElementType.F32) {
        some.asFloatBuffer().get(into, first, count);
      } else {
        for (int i = 0; i < count; i++) {
          into[first + i] = type.get(some, i);
        }
      }
    }
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Reads until the buffer is full, and returns it ready to be read from. */
  private ByteBuffer fill(ByteBuffer buffer, long position) throws IOException {
    long at = position;
    while (buffer.hasRemaining()) {
      int count = file.read(buffer, at);
      if (count < 0) {
        throw new IOException(name + ": became shorter while it was read");
      }
      at += count;
    }
    return buffer.flip();
  }
}
