package dev.lanewise.models.weights;

import dev.lanewise.nn.Tensor;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * PyTorch's checkpoints before version 1.6: five pickles one after the other (a number to know them
 * by, a version, facts about the machine, the object, the keys of the storages in their order),
 * then for each storage its number of elements, 64 bits, and the elements.
 */
final class TorchPickles {

  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final long VERSION = 1001;

  /** A pickle's first instructions: protocol 2, a whole number of ten bytes. */
  private static final byte[] START = {(byte) 0x80, 2, (byte) 0x8a, 10};

  /** The pickles are at the file's begin; those of the largest networks have a megabyte. */
  private static final int MOST_PICKLED = 1 << 26;

  private final SeekableByteChannel channel;
  private final long size;
  private final String file;
  private final Map<String, TorchStorage> storages = new HashMap<>();
  private final Map<String, Long> places = new HashMap<>();

  private TorchPickles(SeekableByteChannel channel, String file) throws IOException {
    this.channel = channel;
    this.size = channel.size();
    this.file = file;
  }

  /** Whether a file with these first four bytes is of this format. */
  static boolean begins(byte[] start) {
    return ByteBuffer.wrap(start).equals(ByteBuffer.wrap(START));
  }

  /**
   * Reads the tensors of a checkpoint.
   *
   * @throws IOException if it is damaged, or holds more than a dictionary of tensors
   */
  static Map<String, Tensor> read(Path path) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(path)) {
      return new TorchPickles(channel, path.toString()).read();
    }
  }

  private Map<String, Tensor> read() throws IOException {
    ByteBuffer pickles = bytes(0, (int) Math.min(size, MOST_PICKLED));
    requireEqual("magic number", MAGIC, next(pickles));
    requireEqual("version", VERSION, next(pickles));
    Object machine = next(pickles);
    if (!(machine instanceof Map<?, ?> facts) || !Boolean.TRUE.equals(facts.get("little_endian"))) {
      throw new IOException(file + ": its byte order is not little endian, the only one read");
    }
    TorchState state = TorchState.of(next(pickles), size, file);
    place(next(pickles), pickles.position());
    return state.tensors(this::storage);
  }

  private Object next(ByteBuffer pickles) throws IOException {
    return new Pickle(pickles, file, storages).read();
  }

  private void requireEqual(String what, Object wanted, Object found) throws IOException {
    if (!wanted.equals(found)) {
      String text = found instanceof Number ? found.toString() : "a " + Pickle.kind(found);
      throw new IOException("%s: its %s is %s, not %s".formatted(file, what, text, wanted));
    }
  }

  /** Finds each storage and requires that they end where the file does. */
  private void place(Object keys, long begin) throws IOException {
    if (!(keys instanceof List<?> list)) {
      throw new IOException(
          "%s: the keys of its storages are a %s, not a list".formatted(file, Pickle.kind(keys)));
    }
    long position = begin;
    for (Object key : list) {
      TorchStorage storage = key instanceof String text ? storages.get(text) : null;
      if (storage == null || places.containsKey(storage.key())) {
        throw new IOException(
            "%s: a key of its storages is not that of one, or stands twice".formatted(file));
      }
      long elements = size - position < Long.BYTES ? -1 : bytes(position, Long.BYTES).getLong();
      position += Long.BYTES;
      if (elements != storage.total() || storage.bytes() > size - position) {
        throw new IOException(
            "%s: storage %s has %d elements and is said to have %d; %d bytes are left"
                .formatted(
                    file, storage.key(), elements, storage.total(), Math.max(0, size - position)));
      }
      places.put(storage.key(), position);
      position += storage.bytes();
    }
    if (position != size) {
      throw new IOException(
          "%s: its storages end at byte %d of %d".formatted(file, position, size));
    }
  }

  private byte[] storage(TorchStorage storage) throws IOException {
    Long place = places.get(storage.key());
    if (place == null) {
      throw new IOException("%s: there is no storage %s".formatted(file, storage.key()));
    }
    return bytes(place, storage.bytes()).array();
  }

  private ByteBuffer bytes(long position, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    channel.position(position);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new IOException(
            "%s: truncated: %d bytes should follow byte %d, %d do"
                .formatted(file, length, position, buffer.position()));
      }
    }
    return buffer.flip();
  }
}
