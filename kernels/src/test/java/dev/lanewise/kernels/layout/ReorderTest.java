package dev.lanewise.kernels.layout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.parallel.Workers;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReorderTest {

  static Stream<int[]> dims() {
    return Stream.of(
        new int[] {1, 1, 1},
        new int[] {2, 3, 7},
        new int[] {2, 16, 5, 9},
        new int[] {3, 35, 4, 70},
        new int[] {2, 17, 2, 3, 5},
        new int[] {4, 20});
  }

  /** Address of an element by the layouts' definitions. */
  private static int address(Layout layout, int[] dims, int n, int c, int pixel) {
    int channels = dims[1];
    int pixels = Arrays.stream(dims).skip(2).reduce(1, (a, b) -> a * b);
    return switch (layout) {
      case NCHW -> (n * channels + c) * pixels + pixel;
      case NHWC -> (n * pixels + pixel) * channels + c;
      case NCHW16C -> ((n * ((channels + 15) / 16) + c / 16) * pixels + pixel) * 16 + c % 16;
    };
  }

  @ParameterizedTest
  @MethodSource("dims")
  void everyElementArrivesAndEveryPaddingLaneIsZero(int[] dims) {
    int pixels = Arrays.stream(dims).skip(2).reduce(1, (a, b) -> a * b);
    for (Layout from : Layout.values()) {
      for (Layout to : Layout.values()) {
        float[] src = new float[from.length(dims)];
        float[] expected = new float[to.length(dims)];
        Random random = new Random(1);
        for (int n = 0; n < dims[0]; n++) {
          for (int c = 0; c < dims[1]; c++) {
            for (int p = 0; p < pixels; p++) {
              float value = random.nextFloat();
              src[address(from, dims, n, c, p)] = value;
              expected[address(to, dims, n, c, p)] = value;
            }
          }
        }
        float[] dst = new float[expected.length];
        Arrays.fill(dst, Float.NaN);
        Reorder.run(dims, from, src, to, dst);
        assertArrayEquals(expected, dst, from + " to " + to);
        assertArrayEquals(expected, Reorder.to(dims, from, src, to));
        try (Workers workers = Workers.of(3)) {
          Arrays.fill(dst, Float.NaN);
          Reorder.run(dims, from, src, to, dst, workers);
          assertArrayEquals(expected, dst, from + " to " + to + " on 3 workers");
        }
      }
    }
  }

  @Test
  void blockedLayoutRoundsChannelsUp() {
    assertEquals(2 * 32 * 6, Layout.NCHW16C.length(2, 17, 2, 3));
    assertEquals(2 * 17 * 6, Layout.NHWC.length(2, 17, 2, 3));
  }

  @Test
  void badArgumentsAreNamed() {
    IllegalArgumentException wrong =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                Reorder.run(
                    new int[] {1, 3, 4}, Layout.NCHW, new float[11], Layout.NHWC, new float[12]));
    assertTrue(wrong.getMessage().contains("needs 12 floats, has 11"), wrong.getMessage());
    float[] one = new float[12];
    assertThrows(
        IllegalArgumentException.class,
        () -> Reorder.run(new int[] {1, 3, 4}, Layout.NCHW, one, Layout.NHWC, one));
    assertThrows(IllegalArgumentException.class, () -> Layout.NCHW.length(3));
    assertThrows(IllegalArgumentException.class, () -> Layout.NHWC.length(1, 0, 2));
    assertThrows(
        IllegalArgumentException.class, () -> Layout.NCHW16C.length(1 << 10, 1, 1 << 10, 1 << 10));
  }
}
