package dev.lanewise.models.weights;

import dev.lanewise.nn.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * PyTorch's checkpoints since version 1.6: a zip archive with the pickle {@code NAME/data.pkl} and
 * each storage's bytes as {@code NAME/data/KEY}, none of it compressed.
 */
final class TorchZip {

  /** The first bytes of a zip archive. */
  static final String MAGIC = "PK\u0003\u0004";

  private static final String PICKLE = "data.pkl";

  private final ZipFile zip;
  private final String file;
  private final String folder;

  private TorchZip(ZipFile zip, String file, String folder) {
    this.zip = zip;
    this.file = file;
    this.folder = folder;
  }

  /** Whether a file with these first bytes is a zip archive. */
  static boolean begins(byte[] start) {
    return new String(start, StandardCharsets.ISO_8859_1).equals(MAGIC);
  }

  /**
   * Reads the tensors of a checkpoint.
   *
   * @throws IOException if it is damaged, or holds more than a dictionary of tensors
   */
  static Map<String, Tensor> read(Path path) throws IOException {
    String file = path.toString();
    long size = Files.size(path);
    try (ZipFile zip = new ZipFile(path.toFile())) {
      TorchZip archive = new TorchZip(zip, file, folder(zip, size, file));
      archive.requireLittleEndian();
      ByteBuffer pickle = ByteBuffer.wrap(archive.bytes(PICKLE));
      Object root = new Pickle(pickle, file, new HashMap<>()).read();
      return TorchState.of(root, size, file).tensors(archive::storage);
    } catch (ZipException | EOFException damaged) {
      throw new IOException(file + ": damaged zip archive: " + damaged.getMessage(), damaged);
    }
  }

  /** The folder of the pickle, after the sizes of all entries were held against the file's. */
  private static String folder(ZipFile zip, long size, String file) throws IOException {
    long total = 0;
    for (ZipEntry entry : Collections.list(zip.entries())) {
      boolean plain = entry.getMethod() == ZipEntry.STORED;
      // Entries that lie over each other would take more time and memory than the file has bytes.
      if (!plain || entry.getSize() < 0 || (total += entry.getSize()) > size) {
        throw new IOException(
            "%s: entry %s is %s; PyTorch stores entries as they are, side by side"
                .formatted(
                    file,
                    entry.getName(),
                    plain ? "one of more bytes than the file has" : "compressed"));
      }
    }
    List<String> pickles =
        zip.stream()
            .map(ZipEntry::getName)
            .filter(name -> name.equals(PICKLE) || name.endsWith("/" + PICKLE))
            .toList();
    if (pickles.size() != 1) {
      throw new IOException(
          "%s: a PyTorch checkpoint has one entry %s, this archive has %s"
              .formatted(file, PICKLE, pickles.isEmpty() ? "none" : pickles));
    }
    String pickle = pickles.getFirst();
    return pickle.substring(0, pickle.length() - PICKLE.length());
  }

  private void requireLittleEndian() throws IOException {
    if (zip.getEntry(folder + "byteorder") == null) {
      return;
    }
    String order = new String(bytes("byteorder"), StandardCharsets.ISO_8859_1);
    if (!order.equals("little")) {
      throw new IOException("%s: its byte order is %s; only little is read".formatted(file, order));
    }
  }

  private byte[] storage(TorchStorage storage) throws IOException {
    byte[] bytes = bytes("data/" + storage.key());
    if (bytes.length != storage.bytes()) {
      throw new IOException(
          "%s: storage %s has %d bytes; its %d elements of %s need %d"
              .formatted(
                  file,
                  storage.key(),
                  bytes.length,
                  storage.total(),
                  storage.type(),
                  storage.bytes()));
    }
    return bytes;
  }

  private byte[] bytes(String name) throws IOException {
    ZipEntry entry = zip.getEntry(folder + name);
    if (entry == null) {
      throw new IOException("%s: the archive has no entry %s".formatted(file, folder + name));
    }
    try (InputStream in = zip.getInputStream(entry)) {
      if (entry.getSize() > Integer.MAX_VALUE - 8) {
        throw new IOException(
            "%s: entry %s has %d bytes; at most 2 GB are read"
                .formatted(file, name, entry.getSize()));
      }
      byte[] bytes = in.readNBytes((int) entry.getSize());
      CRC32 check = new CRC32();
      check.update(bytes);
      if (bytes.length != entry.getSize() || check.getValue() != entry.getCrc()) {
        throw new IOException(
            "%s: entry %s is damaged: %d of %d bytes, check sum %08x, not %08x"
                .formatted(
                    file, name, bytes.length, entry.getSize(), check.getValue(), entry.getCrc()));
      }
      return bytes;
    }
  }
}
