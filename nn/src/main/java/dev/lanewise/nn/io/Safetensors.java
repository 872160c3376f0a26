package dev.lanewise.nn.io;

import com.google.gson.stream.JsonWriter;
import dev.lanewise.kernels.io.AtomicFile;
import dev.lanewise.nn.Tensor;
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
    try (FileChannel channel = open(file, size(file))) {
      return contents(new TensorBytes(channel::read, size(file), file.toString()), false);
    }
  }

  /**
   * All tensors of a file, which are {@linkplain Tensor#stored in it} until their elements are
   * asked for: what is used once and part by part, such as the filters that a session packs, need
   * never be in memory whole. The file stays open as long as there are such tensors; it may be
   * removed or replaced meanwhile, but not written into.
   *
   * @throws IOException as {@link #load(Path)}; reading a tensor later can fail too
   */
  public static Map<String, Tensor> lazy(Path file) throws IOException {
    long size = size(file);
    // Nobody closes it: the JVM does once no tensor refers to it.
    FileChannel channel = open(file, size);
    try {
      return contents(new TensorBytes(channel::read, size, file.toString()), true).tensors();
    } catch (IOException damaged) {
      channel.close();
      throw damaged;
    }
  }

  private static long size(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + " is a folder, not a file");
    }
    return Files.size(file);
  }

  private static FileChannel open(Path file, long size) throws IOException {
    // The size first: a stream that never ends has none that could hold a header.
    if (size > Integer.MAX_VALUE - 8) {
      throw new IOException(file + ": files above 2 GB are not read, this has " + size + " bytes");
    }
    return FileChannel.open(file);
  }

  /**
   * Reads all tensors of a stream, such as a resource.
   *
   * @param name what messages call it
   */
  public static Map<String, Tensor> load(InputStream in, String name) throws IOException {
    ByteBuffer all = ByteBuffer.wrap(in.readAllBytes());
    TensorBytes.Bytes bytes =
        (to, position) -> {
          int count = Math.min(to.remaining(), all.limit() - (int) position);
          to.put(all.slice((int) position, count));
          return count;
        };
    return contents(new TensorBytes(bytes, all.limit(), name), false).tensors();
  }

  private static Contents contents(TensorBytes file, boolean lazy) throws IOException {
    SafetensorsHeader header = file.header();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, SafetensorsHeader.Entry> tensor : header.entries().entrySet()) {
      SafetensorsHeader.Entry entry = tensor.getValue();
      tensors.put(tensor.getKey(), lazy ? file.stored(entry) : file.tensor(entry));
    }
    return new Contents(tensors, header.metadata());
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
