package dev.lanewise.nn.io;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * An IDX file of unsigned bytes, raw or gzipped: the format of the MNIST files (LeCun, 1998).
 *
 * <p>Two zero bytes, the type (8: unsigned byte), the number of dimensions, each dimension as a
 * big-endian int, the values row-major.
 */
public final class IdxFile {

  private static final int UNSIGNED_BYTE = 8;
  private static final int GZIP_MAGIC = 0x1f8b;

  /** Deflate shrinks no run by more than 1032 : 1. */
  private static final long MOST_INFLATED = 1032;

  private final List<Integer> dims;
  private final byte[] values;

  private IdxFile(List<Integer> dims, byte[] values) {
    this.dims = dims;
    this.values = values;
  }

  /** The dimensions, such as 60000, 28, 28. */
  public List<Integer> dims() {
    return dims;
  }

  /** The values as unsigned bytes, row-major; the live array. */
  public byte[] values() {
    return values;
  }

  /**
   * Reads a file; whether it is gzipped is seen from its first bytes.
   *
   * @throws IOException if it cannot be read, is not IDX of unsigned bytes, or its length is not
   *     what its header says; memory is taken only as values arrive
   */
  public static IdxFile read(Path file) throws IOException {
    long size = Files.size(file);
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      raw.mark(2);
      boolean gzipped = ((raw.read() << 8) | raw.read()) == GZIP_MAGIC;
      raw.reset();
      if (!gzipped) {
        return read(raw, size, file.toString());
      }
      try (InputStream inflated = new GZIPInputStream(raw, 1 << 16)) {
        return read(inflated, size * MOST_INFLATED, file.toString());
      }
    } catch (EOFException truncated) {
      throw new IOException(file + ": truncated: it ends after " + size + " bytes", truncated);
    } catch (ZipException damaged) {
      throw new IOException(file + ": damaged gzip data: " + damaged.getMessage(), damaged);
    }
  }

  /**
   * Reads a stream that is not gzipped, such as a resource.
   *
   * @param name what messages call it
   * @throws IOException as {@link #read(Path)}
   */
  public static IdxFile read(InputStream in, String name) throws IOException {
    try {
      return read(in, Integer.MAX_VALUE, name);
    } catch (EOFException truncated) {
      throw new IOException(name + ": truncated: it ends inside its header", truncated);
    }
  }

  private static IdxFile read(InputStream in, long mostBytes, String file) throws IOException {
    DataInputStream header = new DataInputStream(in);
    int magic = header.readInt();
    int rank = magic & 0xff;
    if (magic >>> 16 != 0 || rank == 0) {
      throw new IOException(
          "%s: not an IDX file: it begins with %08x, not 00 00 type rank".formatted(file, magic));
    }
    int type = (magic >>> 8) & 0xff;
    if (type != UNSIGNED_BYTE) {
      throw new IOException(
          "%s: type %02x; only unsigned bytes (08) are read".formatted(file, type));
    }
    List<Integer> dims = new ArrayList<>();
    long length = 1;
    for (int i = 0; i < rank; i++) {
      int dim = header.readInt();
      dims.add(dim);
      long most = Math.min(mostBytes, Integer.MAX_VALUE - 8);
      if (dim < 1 || (length *= dim) > most) {
        String rule =
            dim < 1
                ? "one is less than 1"
                : "more than the file can hold, %,d bytes".formatted(most);
        throw new IOException(
            "%s: says its dimensions are %s%s, %s"
                .formatted(
                    file,
                    dims.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "")),
                    i + 1 < rank ? ", ...]" : "]",
                    rule));
      }
    }
    byte[] values = in.readNBytes((int) length);
    if (values.length < length) {
      throw new IOException(
          "%s: truncated: dimensions %s need %d bytes; %d follow"
              .formatted(file, dims, length, values.length));
    }
    if (in.read() >= 0) {
      throw new IOException(
          "%s: more bytes follow than the %d of dimensions %s".formatted(file, length, dims));
    }
    return new IdxFile(List.copyOf(dims), values);
  }
}
