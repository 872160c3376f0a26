package dev.lanewise.models.onnx;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.onnx.tensor.TensorReader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Values of tensors in files beside the model. The model names the files; none is read that lies
 * outside its folder, by whatever way.
 *
 * @param folder of the model
 */
record ExternalData(Path folder) implements TensorReader.External {

  @Override
  public ByteString values(TensorProto proto, long bytes) {
    Map<String, String> entries = new HashMap<>();
    for (StringStringEntryProto entry : proto.getExternalDataList()) {
      entries.put(entry.getKey(), entry.getValue());
    }
    Path file = inside(entries.getOrDefault("location", ""));
    long offset = number(entries, "offset", 0);
    long length = number(entries, "length", bytes);
    Check.that(
        length == bytes && bytes <= Integer.MAX_VALUE,
        "the external values have a length of %d bytes, the dimensions ask for %d",
        length,
        bytes);
    try {
      long size = Files.size(file);
      Check.that(
          offset <= size - length,
          "external file %s has %d bytes, a tensor takes %d from %d on",
          file.getFileName(),
          size,
          length,
          offset);
      return UnsafeByteOperations.unsafeWrap(read(file, offset, (int) length));
    } catch (IOException failed) {
      throw new IllegalArgumentException(
          "external file %s cannot be read: %s".formatted(file.getFileName(), failed.getMessage()),
          failed);
    }
  }

  private Path inside(String location) {
    try {
      Path root = folder.toRealPath();
      Path file = root.resolve(location).normalize();
      boolean named = !location.isEmpty() && !Path.of(location).isAbsolute();
      Check.that(
          named && file.startsWith(root) && !file.equals(root),
          "external file '%s' is not in the model's folder",
          Names.printable(location));
      Check.that(
          Files.isRegularFile(file), "external file %s is missing", Names.printable(location));
      Check.that(
          file.toRealPath().startsWith(root),
          "external file '%s' is not in the model's folder",
          Names.printable(location));
      return file;
    } catch (InvalidPathException | IOException broken) {
      throw new IllegalArgumentException(
          "external file '%s' cannot be found".formatted(Names.printable(location)), broken);
    }
  }

  private static long number(Map<String, String> entries, String key, long otherwise) {
    String text = entries.get(key);
    if (text == null) {
      return otherwise;
    }
    Check.that(
        text.matches("[0-9]{1,18}"), "%s '%s' of external values", key, Names.printable(text));
    return Long.parseLong(text);
  }

  private static byte[] read(Path file, long offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    try (FileChannel channel = FileChannel.open(file)) {
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, offset + buffer.position()) < 0) {
          throw new EOFException("it ends early");
        }
      }
    }
    return buffer.array();
  }
}
