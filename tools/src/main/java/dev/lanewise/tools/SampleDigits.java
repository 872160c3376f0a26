package dev.lanewise.tools;

import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.data.MnistData;
import dev.lanewise.nn.io.IdxFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** The bundled handwritten digits; {@code digits.txt} beside them says where they come from. */
final class SampleDigits {

  private static final int PIXELS = MnistData.SIDE * MnistData.SIDE;

  private SampleDigits() {}

  /**
   * A digit of the MNIST test set.
   *
   * @param index which image of the set, from 0
   * @param label the digit that was written
   * @param grey 28x28 unsigned bytes, row-major, bright ink on black
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Digit(int index, int label, byte[] grey) {}

  /** All bundled digits. */
  static List<Digit> load() throws IOException {
    byte[] grey = read("digits-images.idx3-ubyte").values();
    byte[] labels = read("digits-labels.idx1-ubyte").values();
    return IntStream.range(0, labels.length)
        .mapToObj(
            i -> new Digit(i, labels[i], Arrays.copyOfRange(grey, i * PIXELS, (i + 1) * PIXELS)))
        .toList();
  }

  /** All bundled digits as a data set. */
  static Dataset dataset() throws IOException {
    return MnistData.digits(
        read("digits-images.idx3-ubyte").values(), read("digits-labels.idx1-ubyte").values());
  }

  private static IdxFile read(String resource) throws IOException {
    try (InputStream in = SampleDigits.class.getResourceAsStream(resource)) {
      return IdxFile.read(Objects.requireNonNull(in, resource), resource);
    }
  }
}
