package dev.lanewise.models.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a protobuf message from a file that may be damaged or hostile. */
final class ProtoFile {

  /** Protobuf's own limit. */
  private static final long MOST_BYTES = Integer.MAX_VALUE - 64;

  /**
   * All that is not values of tensors: an empty message inside takes some fifty times its two
   * bytes.
   */
  private static final long MOST_STRUCTURE = 32 << 20;

  /** What a message is, and in which of its fields those of the next kind are. */
  enum Kind {
    /** A {@code ModelProto}. */
    MODEL("an ONNX model"),
    /** A {@code GraphProto}. */
    GRAPH("a graph"),
    /** A {@code NodeProto}. */
    NODE("a node"),
    /** An {@code AttributeProto}. */
    ATTRIBUTE("an attribute"),
    /** A {@code TensorProto}. */
    TENSOR("an ONNX tensor");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** The kind of a field that may hold values of tensors somewhere, or null. */
    private Kind of(int field) {
      return switch (this) {
        case MODEL -> field == 7 ? GRAPH : null;
        case GRAPH -> field == 1 ? NODE : field == 5 ? TENSOR : null;
        case NODE -> field == 5 ? ATTRIBUTE : null;
        case ATTRIBUTE -> field == 5 ? TENSOR : null;
        case TENSOR -> null;
      };
    }

    /** Whether a field holds values, which take no more memory than bytes: raw, float, double. */
    private boolean isValues(int field) {
      return this == TENSOR && (field == 9 || field == 4 || field == 10);
    }
  }

  private ProtoFile() {}

  /**
   * Reads a message.
   *
   * @throws IOException if the file is missing, larger than 2 GiB or than 32 MiB without the values
   *     of tensors, or no such message; with its name
   */
  static <T> T read(Path file, Kind kind, Parser<T> parser) throws IOException {
    if (Files.notExists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + " is not a file");
    }
    long size = Files.size(file);
    if (size > MOST_BYTES) {
      throw new IOException(
          "%s has %d bytes; files above %d are not read".formatted(file, size, MOST_BYTES));
    }
    byte[] bytes = Files.readAllBytes(file);
    try {
      long structure = structure(CodedInputStream.newInstance(bytes), kind);
      if (structure > MOST_STRUCTURE) {
        throw new IOException(
            "%s has %d bytes that are no values of tensors; above %d they are not read"
                .formatted(file, structure, MOST_STRUCTURE));
      }
      CodedInputStream input = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
      input.enableAliasing(true);
      return parser.parseFrom(input);
    } catch (InvalidProtocolBufferException damaged) {
      throw new IOException(
          "%s is not %s: %s".formatted(file, kind.text, damaged.getMessage()), damaged);
    }
  }

  /** Bytes of a message that are no values of tensors. */
  private static long structure(CodedInputStream input, Kind kind) throws IOException {
    long bytes = 0;
    int start = input.getTotalBytesRead();
    for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
      int field = WireFormat.getTagFieldNumber(tag);
      Kind inner = kind.of(field);
      boolean message = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
      if (message && inner != null) {
        int outer = input.pushLimit(input.readRawVarint32());
        bytes += input.getTotalBytesRead() - start + structure(input, inner);
        input.popLimit(outer);
      } else if (message && kind.isValues(field)) {
        int length = input.readRawVarint32();
        bytes += input.getTotalBytesRead() - start;
        input.skipRawBytes(length);
      } else {
        input.skipField(tag);
        bytes += input.getTotalBytesRead() - start;
      }
      start = input.getTotalBytesRead();
    }
    return bytes;
  }
}
