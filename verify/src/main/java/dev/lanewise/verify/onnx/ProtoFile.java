package dev.lanewise.verify.onnx;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a protobuf message from a file that may be damaged or hostile. */
final class ProtoFile {

  /** Node tests have kilobytes; an empty message inside takes some fifty times its two bytes. */
  private static final long MOST_BYTES = 32 << 20;

  private ProtoFile() {}

  /**
   * Reads a message.
   *
   * @param kind what the message is, for errors
   * @throws IOException if the file is missing, larger than 32 MiB, or no such message; with its
   *     name
   */
  static <T> T read(Path file, String kind, Parser<T> parser) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(file + " is missing");
    }
    long size = Files.size(file);
    if (size > MOST_BYTES) {
      throw new IOException(
          "%s has %d bytes; files above %d are not read".formatted(file, size, MOST_BYTES));
    }
    try {
      return parser.parseFrom(Files.readAllBytes(file));
    } catch (InvalidProtocolBufferException damaged) {
      throw new IOException(
          "%s is not %s: %s".formatted(file, kind, damaged.getMessage()), damaged);
    }
  }
}
