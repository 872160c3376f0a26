package dev.lanewise.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistDataTest {

  @TempDir Path folder;

  private void images(int count, int side) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(16 + count * side * side);
    bytes.putInt(0x803).putInt(count).putInt(side).putInt(side);
    while (bytes.hasRemaining()) {
      bytes.put((byte) (bytes.position() * 31));
    }
    Files.write(folder.resolve("t10k-images-idx3-ubyte"), bytes.array());
  }

  private void labels(int... labels) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(8 + labels.length);
    bytes.putInt(0x801).putInt(labels.length);
    for (int label : labels) {
      bytes.put((byte) label);
    }
    Files.write(folder.resolve("t10k-labels-idx1-ubyte"), bytes.array());
  }

  private String refusal() {
    return assertThrows(IOException.class, () -> MnistData.load(folder, Split.TEST)).getMessage();
  }

  @Test
  void samplesArePaddedAndNormalised() throws IOException {
    images(3, 28);
    labels(7, 0, 9);
    MnistData data = MnistData.load(folder, Split.TEST);
    assertEquals(3, data.size());
    assertEquals(9, data.label(2));
    float[] sample = new float[2 + 32 * 32];
    Image padded = new Image();
    data.read(1, padded);
    data.normalization().write(padded, sample, 2);
    assertEquals((0 - 0.1307f) / 0.3081f, sample[2], 1e-6f);
    byte[] image = data.image(1);
    float grey = (image[28 + 3] & 0xff) / 255f;
    assertEquals((grey - 0.1307f) / 0.3081f, sample[2 + (2 + 1) * 32 + 2 + 3], 1e-6f);
    float[] alone = MnistData.input(image).values();
    assertArrayEquals(alone, Arrays.copyOfRange(sample, 2, sample.length));
  }

  @Test
  void clothesHaveNamesAndFiguresOfTheirOwn() throws IOException {
    images(1, 28);
    labels(9);
    MnistData data = MnistData.fashion(folder, Split.TEST);
    assertEquals("ankle boot", data.classes().get(data.label(0)));
    assertEquals(0.2860f, data.normalization().mean().getFirst());
  }

  @Test
  void refusesMissingAndMismatchedFiles() throws IOException {
    assertTrue(refusal().contains("nor is there one with .gz after its name"));
    images(2, 28);
    labels(1, 2, 3);
    assertTrue(refusal().endsWith("holds dimensions [3], but there are [2] images"));
    labels(1, 10);
    assertTrue(refusal().endsWith("label 10 is not one of 10 classes"));
    images(2, 14);
    assertTrue(refusal().endsWith("holds dimensions [2, 14, 14], not [n, 28, 28]"));
    assertThrows(IllegalArgumentException.class, () -> MnistData.input(new byte[3]));
  }
}
