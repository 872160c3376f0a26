package dev.lanewise.models.weights;

import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.layer.Network;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Weights of darknet (Redmon, 2013 to 2016): a header, then the floats of one layer after the other
 * with nothing to tell them apart, little endian.
 *
 * <p>The header has three ints, version {@code major.minor.revision}, and the number of images seen
 * in training: 64 bits from version 0.2 on, 32 before. A major or minor version above 1000 says
 * that the matrices of dense layers are transposed, {@code [in][out]}. What follows is in {@link
 * DarknetOrder}.
 */
final class DarknetWeights implements Weights {

  private static final int VERSION_BYTES = 3 * Integer.BYTES;
  private static final int TRANSPOSED = 1000;

  private final Path file;
  private final FloatBuffer floats;
  private final boolean transposed;

  private DarknetWeights(Path file, FloatBuffer floats, boolean transposed) {
    this.file = file;
    this.floats = floats;
    this.transposed = transposed;
  }

  /** Reads a file; throws as {@link Weights#read}. */
  static DarknetWeights read(Path file) throws IOException {
    long size = Files.size(file);
    if (size > Integer.MAX_VALUE - 8) {
      throw new IOException(file + ": files above 2 GB are not read, this has " + size + " bytes");
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    long major = 0;
    long minor = 0;
    int header = VERSION_BYTES + Integer.BYTES;
    if (bytes.remaining() >= VERSION_BYTES) {
      major = bytes.getInt();
      minor = bytes.getInt();
      boolean wide = major * 10 + minor >= 2 && major < TRANSPOSED && minor < TRANSPOSED;
      header = VERSION_BYTES + (wide ? Long.BYTES : Integer.BYTES);
    }
    if (major < 0 || minor < 0) {
      throw new IOException(
          "%s: its version is %d.%d; darknet's have no sign".formatted(file, major, minor));
    }
    if (size < header || (size - header) % Float.BYTES != 0) {
      throw new IOException(
          "%s: darknet's weights are a header of %d bytes and floats of 4; this has %d bytes"
              .formatted(file, header, size));
    }
    bytes.position(header);
    return new DarknetWeights(
        file, bytes.asFloatBuffer(), major > TRANSPOSED || minor > TRANSPOSED);
  }

  @Override
  public Path file() {
    return file;
  }

  @Override
  public Map<String, Tensor> named() {
    return Map.of();
  }

  @Override
  public Map<String, Tensor> of(Network network) throws IOException {
    DarknetOrder order = DarknetOrder.of(network, file);
    Map<String, Tensor> state = network.state();
    long needed = order.stored().stream().mapToLong(name -> state.get(name).size()).sum();
    if (needed != floats.limit()) {
      throw new IOException(
          "%s: holds %,d floats; the layers of %s take %,d"
              .formatted(file, floats.limit(), network.name(), needed));
    }
    Map<String, Tensor> values = new LinkedHashMap<>();
    FloatBuffer rest = floats.duplicate();
    for (String name : order.stored()) {
      float[] value = new float[state.get(name).size()];
      rest.get(value);
      int[] shape = state.get(name).shape();
      if (transposed && order.dense().contains(name)) {
        value = turned(value, shape[1], shape[0]);
      }
      Tensor tensor = Tensor.of(value, shape);
      Finite.require(file, name, tensor);
      values.put(name, tensor);
    }
    for (String name : order.zeros()) {
      values.put(name, Tensor.zeros(state.get(name).shape()));
    }
    return values;
  }

  /** The transpose of a matrix. */
  private static float[] turned(float[] matrix, int rows, int columns) {
    float[] turned = new float[matrix.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        turned[column * rows + row] = matrix[row * columns + column];
      }
    }
    return turned;
  }
}
