package dev.lanewise.kernels.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class BlocksTest {

  private static float[] numbers(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = i;
    }
    return values;
  }

  @Test
  void blocksGoWhereTheStridesSay() {
    float[] copied = new float[200];
    float[] added = numbers(200);
    float[] expectedCopy = new float[200];
    float[] expectedSum = numbers(200);
    for (int i = 0; i < 5; i++) {
      for (int c = 0; c < 16; c++) {
        expectedCopy[3 + i * 40 + c] = 7 + i * 21 + c;
        expectedSum[3 + i * 40 + c] += 7 + i * 21 + c;
      }
    }
    Blocks.copy(numbers(107), 7, 21, copied, 3, 40, 5);
    Blocks.add(numbers(107), 7, 21, added, 3, 40, 5);
    assertArrayEquals(expectedCopy, copied);
    assertArrayEquals(expectedSum, added);
  }

  @Test
  void productsAreAddedWhereTheStridesSay() {
    float[] sums = numbers(200);
    float[] expected = numbers(200);
    for (int i = 0; i < 5; i++) {
      for (int c = 0; c < 16; c++) {
        expected[3 + i * 40 + c] += (7 + i * 21 + c) * (float) (9 + c);
      }
    }
    Blocks.multiplyAdd(numbers(107), 7, 21, numbers(30), 9, sums, 3, 40, 5);
    assertArrayEquals(expected, sums);
  }

  @Test
  void sumsAreBroughtBetweenTheirBounds() {
    float[] sums = numbers(60);
    float[] expected = numbers(60);
    for (int i = 3; i < 35; i++) {
      expected[i] = Math.clamp(i + 9 + (i - 3) % 16, 20, 50);
    }
    Blocks.addClamp(numbers(30), 9, sums, 3, 2, 20, 50);
    assertArrayEquals(expected, sums);
  }

  @Test
  void nothingIsReadOrWrittenOutside() {
    float[] values = numbers(40);
    assertThrows(
        IndexOutOfBoundsException.class, () -> Blocks.copy(values, 0, 25, new float[32], 0, 16, 2));
    assertThrows(
        IndexOutOfBoundsException.class, () -> Blocks.add(new float[32], 0, 16, values, 0, 25, 2));
  }

  @Test
  void sumsAreOfChannels() {
    for (int count = 0; count < 10; count++) {
      float[] sums = numbers(20);
      float[] expected = numbers(20);
      for (int i = 0; i < count; i++) {
        for (int c = 0; c < 16; c++) {
          expected[2 + c] += 5 + i * 16 + c;
        }
      }
      Blocks.sum(numbers(200), 5, count, sums, 2, true);
      assertArrayEquals(expected, sums);
      for (int c = 2; c < 18; c++) {
        expected[c] -= c;
      }
      Blocks.sum(numbers(200), 5, count, sums, 2, false);
      assertArrayEquals(expected, sums);
    }
  }
}
