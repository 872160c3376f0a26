package dev.lanewise.kernels.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class InterleaveTest {

  private static float[] numbers(int length, float first) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = first + i;
    }
    return values;
  }

  private static void check(int taps, int channels, boolean add) {
    float[] src = numbers(7 + taps * 20, 1);
    float[] dst = numbers(channels * taps + 9, -3_000);
    float[] expected = dst.clone();
    for (int c = 0; c < channels; c++) {
      for (int t = 0; t < taps; t++) {
        float value = src[3 + t * 20 + c];
        int place = 5 + c * taps + t;
        expected[place] = add ? expected[place] + value : value;
      }
    }
    Interleave.run(src, 3, 20, taps, channels, dst, 5, add);
    assertArrayEquals(expected, dst);
  }

  @Test
  void channelsGetTheirTapsSideBySide() {
    for (int taps : new int[] {1, 2, 3, 9, 25}) {
      for (int channels : new int[] {1, 9, 15, 16}) {
        check(taps, channels, false);
        check(taps, channels, true);
      }
    }
  }

  @Test
  void manyKernelsAreWrittenLikeOneAfterTheOther() {
    for (int taps : new int[] {3, 9}) {
      for (int channels : new int[] {15, 16}) {
        for (int count : new int[] {0, 1, 3, 4, 7}) {
          float[] src = numbers(3 + count * 200, 1);
          float[] dst = numbers(5 + count * 160, -9_000);
          float[] expected = dst.clone();
          for (int i = 0; i < count; i++) {
            Interleave.run(src, 3 + i * 200, 20, taps, channels, expected, 5 + i * 160, false);
          }
          Interleave.runs(src, 3, 20, 200, taps, channels, dst, 5, 160, count);
          assertArrayEquals(expected, dst);
        }
      }
    }
  }

  @Test
  void threePlanesBecomePixels() {
    for (int pixels : new int[] {0, 1, 15, 16, 17, 50}) {
      float[] src = numbers(5 + 2 * 60 + pixels, 1);
      float[] dst = numbers(3 + 3 * pixels + 2, -3_000);
      float[] expected = dst.clone();
      for (int i = 0; i < 3 * pixels; i++) {
        expected[3 + i] = src[5 + i % 3 * 60 + i / 3];
      }
      Interleave.triples(src, 5, 60, dst, 3, pixels);
      assertArrayEquals(expected, dst);
    }
  }
}
