package dev.lanewise.kernels.norm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.parallel.Workers;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChannelAffineTest {

  private static final int CHANNELS = 20;
  private static final int PIXELS = 300;
  private static final int IMAGE = 32 * PIXELS;
  private static final Workers WORKERS = Workers.shared();

  private static float[] random(int length) {
    Random random = new Random(length);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextInt(-8, 9);
    }
    return values;
  }

  private static float[] coefficients(int images, int seed) {
    float[] values = new float[images * 32];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 32 < CHANNELS ? (i * seed) % 7 - 3 : 0;
    }
    return values;
  }

  private static ChannelAffine plan(Activation activation) {
    return ChannelAffine.of(new int[] {2, CHANNELS, 20, 15}, activation, WORKERS);
  }

  /** Of a slice in the middle of wider images, with coefficients of each image. */
  @Test
  void channelsOfEachImageAreScaledAndShiftedWhereTheyLie() {
    float[] wide = random(2 * 2 * IMAGE);
    Slice x = new Slice(wide, 16 * PIXELS, 2 * IMAGE);
    float[] y = new float[3 * IMAGE];
    Arrays.fill(y, -1);
    float[] scale = coefficients(2, 3);
    float[] shift = coefficients(1, 5);
    plan(Activation.RELU)
        .run(x, new Slice(scale, 0, 32), new Slice(shift, 0, 0), new Slice(y, 5, IMAGE + 32));
    for (int n = 0; n < 2; n++) {
      for (int i = 0; i < IMAGE; i++) {
        int channel = i / (16 * PIXELS) * 16 + i % 16;
        float sum =
            wide[16 * PIXELS + n * 2 * IMAGE + i] * scale[n * 32 + channel] + shift[channel];
        assertEquals(Math.max(0, sum), y[5 + n * (IMAGE + 32) + i], "image " + n + " at " + i);
      }
    }
    assertEquals(-1, y[4]);
    assertEquals(-1, y[5 + IMAGE]);
    assertEquals(-1, y[5 + 2 * IMAGE + 32]);
  }

  @Test
  void lanesWithoutAChannelStayZero() {
    float[] y = random(2 * IMAGE);
    Slice zeros = new Slice(new float[32], 0, 0);
    plan(Activation.SIGMOID).run(new Slice(y, 0, IMAGE), zeros, zeros, new Slice(y, 0, IMAGE));
    for (int i = 0; i < y.length; i++) {
      int channel = i / (16 * PIXELS) % 2 * 16 + i % 16;
      assertEquals(channel < CHANNELS ? 0.5f : 0, y[i], 1e-7f);
    }
  }

  @Test
  void slicesThatAreTooShortAreRefused() {
    Slice whole = new Slice(new float[2 * IMAGE], 0, IMAGE);
    Slice one = new Slice(new float[32], 0, 0);
    Slice late = new Slice(new float[2 * IMAGE], 1, IMAGE);
    ChannelAffine plan = plan(Activation.IDENTITY);
    assertThrows(IllegalArgumentException.class, () -> plan.run(late, one, one, whole));
    assertThrows(IllegalArgumentException.class, () -> plan.run(whole, one, one, late));
    Slice few = new Slice(new float[31], 0, 0);
    assertThrows(IllegalArgumentException.class, () -> plan.run(whole, few, one, whole));
    Slice perImage = new Slice(new float[63], 0, 32);
    assertThrows(IllegalArgumentException.class, () -> plan.run(whole, one, perImage, whole));
  }
}
