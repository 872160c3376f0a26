package dev.lanewise.nn.io;

import com.google.gson.stream.JsonWriter;
import dev.lanewise.kernels.io.AtomicFile;
import dev.lanewise.nn.Tensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The safetensors format: eight bytes with the length of a JSON header, the header, and the values
 * of all tensors, little endian and without gaps.
 *
 * <p>Other types than F32 are read as the nearest floats; what is written is F32.
 */
public final class Safetensors {

  /**
   * What a file holds.
   *
   * @param tensors by name, in the header's order
   * @param metadata texts about them
   */
  public record Contents(Map<String, Tensor> tensors, Map<String, String> metadata) {}

  /** Bytes that are read at once. */
  private static final int CHUNK = 1 << 20;

  private Safetensors() {}

  /**
   * Reads all tensors of a file, by name, in the header's order.
   *
   * @throws IOException if the file cannot be read or is not whole and consistent
   */
  public static Map<String, Tensor> load(Path file) throws IOException {
    return read(file).tensors();
  }

  /** Reads all tensors of a file and the texts about them; throws as {@link #load(Path)}. */
  public static Contents read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + " is a folder, not a file");
    }
    // The size first: a stream that never ends has none that could hold a header.
    long size = Files.size(file);
    if (size > Integer.MAX_VALUE - 8) {
      throw new IOException(file + ": files above 2 GB are not read, this has " + size + " bytes");
    }
    try (FileChannel channel = FileChannel.open(file)) {
      return read(channel::read, size, file.toString());
    }
  }

  /**
   * Reads all tensors of a stream, such as a resource.
   *
   * @param name what messages call it
   */
  public static Map<String, Tensor> load(InputStream in, String name) throws IOException {
    ByteBuffer all = ByteBuffer.wrap(in.readAllBytes());
    Bytes bytes =
        (to, position) -> {
          int count = Math.min(to.remaining(), all.limit() - (int) position);
          to.put(all.slice((int) position, count));
          return count;
        };
    return read(bytes, all.limit(), name).tensors();
  }

  /** Where the bytes of a file are. */
  private interface Bytes {
    /** Fills some of a buffer with those from a position on; -1 at the end. */
    int read(ByteBuffer to, long position) throws IOException;
  }

  private static Contents read(Bytes file, long size, String name) throws IOException {
    if (size < Long.BYTES) {
      throw new IOException(
          "%s: a safetensors file has at least 8 bytes, this has %d".formatted(name, size));
    }
    long headerLength = fill(buffer(Long.BYTES), file, 0, name).getLong();
    if (headerLength < 2 || headerLength > size - Long.BYTES) {
      throw new IOException(
          "%s: says its header has %s bytes; it has at least 2 and at most the %d that follow"
              .formatted(name, Long.toUnsignedString(headerLength), size - Long.BYTES));
    }
    byte[] text = new byte[(int) headerLength];
    fill(ByteBuffer.wrap(text), file, Long.BYTES, name);
    long dataStart = Long.BYTES + headerLength;
    SafetensorsHeader header =
        SafetensorsHeader.read(new ByteArrayInputStream(text), (int) (size - dataStart), name);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    ByteBuffer some = buffer(CHUNK);
    for (Map.Entry<String, SafetensorsHeader.Entry> tensor : header.entries().entrySet()) {
      SafetensorsHeader.Entry entry = tensor.getValue();
      float[] values = values(entry, file, dataStart + entry.begin(), some, name);
      tensors.put(tensor.getKey(), Tensor.of(values, entry.dims()));
    }
    return new Contents(tensors, header.metadata());
  }

  /** The elements of a tensor, some at a time, so that the file is never in memory whole. */
  private static float[] values(
      SafetensorsHeader.Entry entry, Bytes file, long begin, ByteBuffer some, String name)
      throws IOException {
    ElementType type = entry.type();
    float[] values = new float[entry.elements()];
    int most = CHUNK / type.bytes();
    for (int first = 0; first < values.length; first += most) {
      int count = Math.min(most, values.length - first);
      some.clear().limit(count * type.bytes());
      fill(some, file, begin + (long) first * type.bytes(), name);
      if (type == ElementType.F32) {
        some.asFloatBuffer().get(values, first, count);
      } else {
        for (int i = 0; i < count; i++) {
          values[first + i] = type.get(some, i);
        }
      }
    }
    return values;
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Reads until the buffer is full, and returns it ready to be read from. */
  private static ByteBuffer fill(ByteBuffer buffer, Bytes file, long position, String name)
      throws IOException {
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

  /** Writes tensors in the map's order, row-major; the file is written whole or not at all. */
  public static void save(Path file, Map<String, Tensor> tensors) throws IOException {
    save(file, tensors, Map.of());
  }

  /** Writes tensors and, in the header, some text about them. */
  public static void save(Path file, Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    byte[] header = header(tensors, metadata);
    AtomicFile.write(
        file,
        out -> {
          out.write(littleEndian(header.length));
          out.write(header);
          for (Tensor tensor : tensors.values()) {
            out.write(littleEndian(tensor.values()));
          }
        });
  }

  private static byte[] littleEndian(long value) {
    byte[] bytes = new byte[Long.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
    return bytes;
  }

  private static byte[] littleEndian(float[] values) {
    byte[] bytes = new byte[values.length * Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    return bytes;
  }

  /** The header, padded with blanks so that the values start at a multiple of eight bytes. */
  private static byte[] header(Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    StringWriter text = new StringWriter();
    JsonWriter json = new JsonWriter(text);
    json.beginObject();
    if (!metadata.isEmpty()) {
      json.name(SafetensorsHeader.METADATA).beginObject();
      for (Map.Entry<String, String> entry : metadata.entrySet()) {
        json.name(entry.getKey()).value(entry.getValue());
      }
      json.endObject();
    }
    long end = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      json.name(entry.getKey()).beginObject().name("dtype").value("F32").name("shape").beginArray();
      for (int dim : entry.getValue().shape()) {
        json.value(dim);
      }
      long begin = end;
      end += (long) entry.getValue().size() * Float.BYTES;
      json.endArray().name("data_offsets").beginArray().value(begin).value(end).endArray();
      json.endObject();
    }
    json.endObject();
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    int length = Math.ceilDiv(bytes.length, Long.BYTES) * Long.BYTES;
    byte[] padded = Arrays.copyOf(bytes, length);
    Arrays.fill(padded, bytes.length, length, (byte) ' ');
    return padded;
  }
}
