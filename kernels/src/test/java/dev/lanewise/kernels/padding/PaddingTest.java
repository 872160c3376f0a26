package dev.lanewise.kernels.padding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.SteadyState;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.PaddingMode;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PaddingTest {

  /** Images of one to three axes, with padding before and after. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Example(int[] dims, int[] before, int[] after) {}

  private static final Example[] EXAMPLES = {
    new Example(ints(2, 5, 7), ints(3), ints(0)),
    new Example(ints(1, 16, 4, 6), ints(2, 0), ints(1, 5)),
    new Example(ints(2, 33, 5, 4), ints(3, 3), ints(3, 3)),
    new Example(ints(1, 17, 3, 4, 5), ints(2, 1, 0), ints(1, 3, 4)),
    new Example(ints(1, 3, 3, 3), ints(0, 0), ints(0, 0)),
  };

  @ParameterizedTest
  @CsvSource({
    "ZERO, 00|abcd|000",
    "REPLICATE, aa|abcd|ddd",
    "REFLECT, cb|abcd|cba",
    "CIRCULAR, cd|abcd|abc"
  })
  void rowIsContinuedAsTheModeSays(PaddingMode mode, String expected) {
    Padding padding = Padding.of(ints(1, 1, 4), ints(2), ints(3), mode, Workers.shared());
    float[] padded = new float[padding.paddedLength()];
    padding.run(blocked(ints(1, 1, 4), 'a', 'b', 'c', 'd'), padded);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 9; i++) {
      text.append(i == 2 || i == 6 ? "|" : "").append((char) Math.max('0', padded[i * 16]));
    }
    assertEquals(expected, text.toString());
  }

  @ParameterizedTest
  @EnumSource(PaddingMode.class)
  void everyAxisIsContinuedAlike(PaddingMode mode) {
    for (Example example : EXAMPLES) {
      float[] input = integers(Layout.NCHW.length(example.dims), 3);
      try (Workers workers = Workers.of(3)) {
        Padding padding = Padding.of(example.dims, example.before, example.after, mode, workers);
        float[] padded = new float[padding.paddedLength()];
        Arrays.fill(padded, Float.NaN);
        padding.run(blocked(example.dims, input), padded);
        assertArrayEquals(blocked(padding.paddedDims(), plain(example, mode, input)), padded);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(PaddingMode.class)
  void backwardIsTheAdjoint(PaddingMode mode) {
    for (Example example : EXAMPLES) {
      try (Workers one = Workers.of(1);
          Workers three = Workers.of(3)) {
        Padding padding = Padding.of(example.dims, example.before, example.after, mode, one);
        float[] x = blocked(example.dims, integers(Layout.NCHW.length(example.dims), 5));
        int[] paddedDims = padding.paddedDims();
        float[] dy = blocked(paddedDims, integers(Layout.NCHW.length(paddedDims), 7));
        float[] y = new float[dy.length];
        float[] dx = new float[x.length];
        Arrays.fill(dx, Float.NaN);
        padding.run(x, y);
        padding.backward(dy, dx);
        assertEquals(dot(y, dy), dot(x, dx));
        float[] threaded = new float[x.length];
        Padding.of(example.dims, example.before, example.after, mode, three).backward(dy, threaded);
        assertArrayEquals(dx, threaded);
      }
    }
  }

  @Test
  void constantFillsTheHaloButNoPaddingLanes() {
    Padding padding = Padding.constant(ints(1, 18, 2), ints(1), ints(0), 2.5f, Workers.shared());
    float[] padded = new float[padding.paddedLength()];
    padding.run(blocked(ints(1, 18, 2), new float[36]), padded);
    for (int i = 0; i < padded.length; i++) {
      boolean halo = i / 16 % 3 == 0 && (i < 48 || i % 16 < 2);
      assertEquals(halo ? 2.5f : 0f, padded[i]);
    }
  }

  @Test
  void emptyBatchPadsNothing() {
    Padding padding =
        Padding.of(ints(0, 3, 4), ints(1), ints(1), PaddingMode.REFLECT, Workers.shared());
    padding.run(new float[0], new float[0]);
    padding.backward(new float[0], new float[0]);
  }

  @Tag(SteadyState.TAG)
  @Test
  void steadyStateAllocatesNothing() {
    try (Workers workers = Workers.of(1)) {
      Padding padding =
          Padding.of(ints(2, 16, 5, 4), ints(2, 2), ints(2, 2), PaddingMode.REFLECT, workers);
      float[] x = new float[padding.inputLength()];
      float[] y = new float[padding.paddedLength()];
      SteadyState.assertAllocatesNothing(
          () -> {
            padding.run(x, y);
            padding.backward(y, x);
          });
    }
  }

  @Test
  void wrongPaddingIsRefusedWithRuleAndValues() {
    assertMessage(
        "reflect padding 4 must be less than input 4",
        () -> of(ints(1, 1, 4), ints(4), ints(0), PaddingMode.REFLECT));
    assertMessage(
        "circular padding 5 must not exceed input 4",
        () -> of(ints(1, 1, 4), ints(0), ints(5), PaddingMode.CIRCULAR));
    assertMessage(
        "padBefore must not be negative, is -1",
        () -> of(ints(1, 1, 4), ints(-1), ints(0), PaddingMode.ZERO));
    assertMessage(
        "as many values before and after, not 2 and 1",
        () -> of(ints(1, 1, 4), ints(1, 1), ints(0), PaddingMode.ZERO));
    assertMessage("1 to 3 spatial", () -> of(ints(1, 1), ints(), ints(), PaddingMode.ZERO));
    Padding padding = of(ints(1, 1, 4), ints(1), ints(1), PaddingMode.ZERO);
    float[] padded = new float[padding.paddedLength()];
    assertMessage("input needs 64 floats, has 3", () -> padding.run(new float[3], padded));
    assertMessage("do not lie in an array of 70", () -> padding.run(new float[70], 8, 0, padded));
    assertMessage("padded needs 96 floats", () -> padding.run(new float[64], new float[64]));
  }

  private static Padding of(int[] dims, int[] before, int[] after, PaddingMode mode) {
    return Padding.of(dims, before, after, mode, Workers.shared());
  }

  /** Padding as its definition says, one axis of a planar array after the other. */
  private static float[] plain(Example example, PaddingMode mode, float[] input) {
    int[] dims = example.dims.clone();
    float[] values = input;
    for (int axis = 2; axis < dims.length; axis++) {
      int outer = 1;
      for (int i = 0; i < axis; i++) {
        outer *= dims[i];
      }
      int inner = values.length / outer / dims[axis];
      int before = example.before[axis - 2];
      int padded = dims[axis] + before + example.after[axis - 2];
      float[] next = new float[outer * padded * inner];
      for (int i = 0; i < next.length; i++) {
        int at = continued(i / inner % padded - before, dims[axis], mode);
        if (at >= 0) {
          next[i] = values[(i / inner / padded * dims[axis] + at) * inner + i % inner];
        }
      }
      values = next;
      dims[axis] = padded;
    }
    return values;
  }

  /** Steps one element at a time from outside to inside. */
  private static int continued(int position, int input, PaddingMode mode) {
    boolean inside = position >= 0 && position < input;
    if (inside || mode == PaddingMode.ZERO) {
      return inside ? position : -1;
    }
    int edge = position < 0 ? 0 : input - 1;
    int inwards = position < 0 ? 1 : -1;
    int distance = Math.abs(position - edge);
    return switch (mode) {
      case ZERO, REPLICATE -> edge;
      case REFLECT -> edge + inwards * distance;
      case CIRCULAR -> edge + inwards * (input - distance);
    };
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static float[] blocked(int[] dims, float... planar) {
    return Reorder.to(dims, Layout.NCHW, planar, Layout.NCHW16C);
  }

  private static float[] integers(int length, long seed) {
    Random random = new Random(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextInt(1, 9);
    }
    return values;
  }

  private static int[] ints(int... values) {
    return values;
  }

  private static void assertMessage(String part, Executable action) {
    String message = assertThrows(IllegalArgumentException.class, action).getMessage();
    assertTrue(message.contains(part), message);
  }
}
