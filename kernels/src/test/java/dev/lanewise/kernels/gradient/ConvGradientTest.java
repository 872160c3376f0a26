package dev.lanewise.kernels.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.SteadyState;
import dev.lanewise.kernels.Values;
import dev.lanewise.kernels.im2col.Reference;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Accuracy;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PaddingMode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConvGradientTest {

  private static final Workers ONE = Workers.of(1);
  private static final Workers THREE = Workers.of(3);

  @AfterAll
  static void close() {
    ONE.close();
    THREE.close();
  }

  static List<ConvShape> shapes() {
    return Stream.concat(
            Reference.shapes().stream(),
            Stream.of(
                ConvShape.conv2d(3, 64, 7, 7, 40, 3, 3).padding(1),
                ConvShape.conv2d(1, 20, 29, 30, 33, 3, 3).padding(1).stride(2),
                ConvShape.conv2d(2, 80, 14, 14, 24, 1, 1),
                ConvShape.conv2d(2, 36, 15, 15, 24, 1, 1).stride(2),
                ConvShape.conv2d(1, 18, 9, 40, 17, 1, 7).padding(0, 3),
                ConvShape.conv2d(1, 18, 20, 9, 17, 5, 1).padding(2, 0),
                ConvShape.conv2d(1, 32, 8, 9, 16, 4, 4).padding(4).stride(3),
                ConvShape.conv2d(1, 17, 9, 10, 16, 3, 3).padding(2).dilation(2),
                ConvShape.conv3d(2, 18, 4, 5, 6, 17, 3).padding(1).stride(1, 2, 1),
                ConvShape.parse("ic48ih6iw5oc40kh3ph1"),
                ConvShape.parse("mb2ic160ih7oc64kh3sh2ph1"),
                ConvShape.parse("mb2ic16ih5oc24kh4dh1ph3"),
                ConvShape.parse("mb2g32ic32ih14oc32kh3ph1"),
                ConvShape.parse("g19ic19ih15iw9oc19kh3sh2ph1"),
                ConvShape.parse("mb3g20ic20ih11oc20kh5ph2"),
                ConvShape.parse("g16ic16ih13oc16kh5sh2ph2"),
                ConvShape.parse("g16ic16ih15oc16kh7ph3"),
                ConvShape.parse("g16ic16ih14oc16kh7sh2ph3"),
                ConvShape.parse("g16ic16ih3oc16kh3ph2"),
                ConvShape.parse("mb2g9ic9ih10oc27kh3ph1"),
                ConvShape.parse("g16ic16ih12oc16kh3dh1ph2"),
                ConvShape.parse("g16ic16ih17oc32kh2sh5"),
                ConvShape.parse("g18ic18iw40oc18kw5pw2"),
                ConvShape.parse("mb2g9ic36ih14oc36kh3ph1"),
                ConvShape.parse("g8ic16ih15oc64kh3sh2ph1"),
                ConvShape.parse("g18ic18id5oc36kd3pd1")))
        .toList();
  }

  private static float[] blocked(int[] dims, float[] planar) {
    return Reorder.to(dims, Layout.NCHW, planar, Layout.NCHW16C);
  }

  private static float[] filled(int length) {
    float[] values = new float[length];
    Arrays.fill(values, Float.NaN);
    return values;
  }

  private static ConvGradient gradient(ConvShape shape, Workers workers) {
    return ConvGradient.of(
        shape, ConvOptions.defaults().withAccuracy(Accuracy.STRICT).withWorkers(workers));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void integersAreExact(ConvShape shape) {
    float[] input = Values.integers(Layout.NCHW.length(shape.inputDims()), 1);
    float[] filter = Values.integers(shape.filterLength(), 2);
    float[] gradOutput = Values.integers(Layout.NCHW.length(shape.outputDims()), 3);
    float[] gradInput = new float[input.length];
    float[] gradFilter = new float[filter.length];
    float[] gradBias = new float[shape.outChannels()];
    Reference.visit(
        shape,
        (x, f, y) -> {
          gradInput[x] += filter[f] * gradOutput[y];
          gradFilter[f] += input[x] * gradOutput[y];
        });
    for (int i = 0; i < gradOutput.length; i++) {
      gradBias[i / shape.outputPixels() % shape.outChannels()] += gradOutput[i];
    }
    ConvGradient gradient = gradient(shape, THREE);
    float[] dy = blocked(shape.outputDims(), gradOutput);
    float[] dx = filled(Layout.NCHW16C.length(shape.inputDims()));
    float[] df = filled(filter.length);
    float[] db = filled(gradBias.length);
    gradient.data(filter, dy, dx);
    gradient.filter(blocked(shape.inputDims(), input), dy, df);
    gradient.bias(dy, db);
    assertArrayEquals(blocked(shape.inputDims(), gradInput), dx);
    assertArrayEquals(gradFilter, df);
    assertArrayEquals(gradBias, db);
    float[] again = filled(dx.length);
    gradient.data(new float[filter.length], dy, again);
    PackedGradientFilter packed = gradient.packData(new float[filter.length]);
    gradient.repackData(filter, packed);
    gradient.data(packed, dy, again);
    assertArrayEquals(dx, again);
  }

  /**
   * The values, from 5 floats on, with images so far apart and what is not a number around them.
   */
  private static Slice slice(float[] values, int batch, int gap) {
    int image = batch == 0 ? 0 : values.length / batch;
    float[] data = filled(5 + batch * (image + gap) + 3);
    for (int i = 0; i < batch; i++) {
      System.arraycopy(values, i * image, data, 5 + i * (image + gap), image);
    }
    return new Slice(data, 5, image + gap);
  }

  private static void assertSlicesGiveTheSameBits(ConvShape shape, ConvOptions options) {
    ConvGradient gradient = ConvGradient.of(shape, options);
    int batch = shape.batch();
    float[] x = blocked(shape.inputDims(), Values.reals(Layout.NCHW.length(shape.inputDims()), 1));
    float[] dy =
        blocked(shape.outputDims(), Values.reals(Layout.NCHW.length(shape.outputDims()), 3));
    float[] df = filled(shape.filterLength());
    gradient.filter(x, dy, df);
    float[] wider = filled(7 + df.length + 2);
    gradient.filter(slice(x, batch, 0), slice(dy, batch, 0), wider, 7);
    float[] expected = filled(wider.length);
    System.arraycopy(df, 0, expected, 7, df.length);
    assertArrayEquals(expected, wider);
    if (shape.paddingMode() == PaddingMode.ZERO) {
      PackedGradientFilter packed = gradient.packData(Values.reals(shape.filterLength(), 2));
      float[] dx = filled(x.length);
      gradient.data(packed, dy, dx);
      Slice result = slice(filled(x.length), batch, 32);
      gradient.data(packed, slice(dy, batch, 16), result);
      assertArrayEquals(slice(dx, batch, 32).data(), result.data());
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void slicesGiveTheSameBits(ConvShape shape) {
    ConvOptions options = ConvOptions.defaults().withWorkers(THREE);
    assertSlicesGiveTheSameBits(shape, options);
    assertSlicesGiveTheSameBits(shape, options.withAccuracy(Accuracy.STRICT));
    assertSlicesGiveTheSameBits(shape.batch(0), options);
  }

  @Test
  void slicesOfPaddedAndLargeImagesGiveTheSameBits() {
    ConvOptions options = ConvOptions.defaults().withWorkers(THREE);
    ConvShape shape = ConvShape.parse("mb2ic32ih61iw58oc24kh3ph1");
    assertSlicesGiveTheSameBits(shape, options);
    assertSlicesGiveTheSameBits(shape.padding(PaddingMode.REFLECT), options);
  }

  @Test
  void slicesMustHoldTheImagesOneBehindTheOther() {
    ConvShape shape = ConvShape.parse("mb2ic16ih5oc16kh3ph1");
    ConvGradient gradient = gradient(shape, ONE);
    float[] images = new float[2 * 16 * 25];
    Slice whole = slice(images, 2, 0);
    float[] df = new float[shape.filterLength()];
    List<Executable> wrong =
        List.of(
            () -> gradient.filter(slice(images, 2, 16), whole, df, 0),
            () -> gradient.filter(whole, new Slice(images, 1, 400), df, 0),
            () -> gradient.filter(whole, whole, df, 1),
            () -> gradient.filter(whole, whole, df, -1),
            () -> gradient.data(gradient.packData(df), whole, whole));
    for (Executable call : wrong) {
      assertThrows(IllegalArgumentException.class, call);
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void workersDoNotChangeTheBits(ConvShape image) {
    ConvShape shape = image.batch(7);
    float[] input =
        blocked(shape.inputDims(), Values.reals(Layout.NCHW.length(shape.inputDims()), 1));
    float[] filter = Values.reals(shape.filterLength(), 2);
    float[] dy =
        blocked(shape.outputDims(), Values.reals(Layout.NCHW.length(shape.outputDims()), 3));
    float[][] dx = {filled(input.length), filled(input.length)};
    float[][] df = {filled(filter.length), filled(filter.length)};
    float[][] db = {filled(shape.outChannels()), filled(shape.outChannels())};
    for (int i = 0; i < 2; i++) {
      ConvGradient gradient = gradient(shape, i == 0 ? ONE : THREE);
      gradient.data(filter, dy, dx[i]);
      gradient.filter(input, dy, df[i]);
      gradient.bias(dy, db[i]);
    }
    assertArrayEquals(dx[0], dx[1]);
    assertArrayEquals(df[0], df[1]);
    assertArrayEquals(db[0], db[1]);
  }

  /** The convolution is linear in both: {@code <conv(x, f), y> = <x, dx> = <f, df>}. */
  @Test
  void paddingOfEveryModeIsDifferentiated() {
    for (PaddingMode mode : PaddingMode.values()) {
      ConvShape shape = ConvShape.conv2d(2, 18, 6, 7, 5, 3, 3).padding(2).padding(mode);
      ConvGradient gradient = gradient(shape, ONE);
      float[] x = blocked(shape.inputDims(), Values.integers(2 * 18 * 42, 1));
      float[] filter = Values.integers(shape.filterLength(), 2);
      float[] dy =
          blocked(shape.outputDims(), Values.integers(Layout.NCHW.length(shape.outputDims()), 3));
      float[] dx = filled(x.length);
      float[] df = filled(filter.length);
      gradient.data(filter, dy, dx);
      gradient.filter(x, dy, df);
      double byData = product(x, dx);
      double byFilter = product(filter, df);
      assertTrue(byData == byFilter && byData != 0, mode + ": " + byData + ", " + byFilter);
    }
  }

  private static double product(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  @Tag(SteadyState.TAG)
  @Test
  void steadyStateAllocatesNothing() {
    for (ConvShape shape :
        List.of(
            ConvShape.conv2d(2, 3, 6, 6, 5, 3, 3),
            ConvShape.conv2d(2, 33, 6, 6, 17, 3, 3).padding(1),
            ConvShape.conv2d(1, 18, 7, 7, 17, 3, 3).stride(2),
            ConvShape.conv2d(1, 513, 5, 6, 513, 3, 3).groups(513).padding(1),
            ConvShape.conv2d(2, 33, 9, 9, 33, 3, 3).groups(33).padding(1).stride(2),
            ConvShape.conv2d(2, 32, 14, 14, 32, 3, 3).groups(8).padding(1))) {
      ConvGradient gradient = gradient(shape, ONE);
      float[] x = new float[Layout.NCHW16C.length(shape.inputDims())];
      float[] dx = x.clone();
      float[] dy = new float[Layout.NCHW16C.length(shape.outputDims())];
      float[] filter = new float[shape.filterLength()];
      float[] df = filter.clone();
      float[] db = new float[shape.outChannels()];
      SteadyState.assertAllocatesNothing(
          () -> {
            gradient.data(filter, dy, dx);
            gradient.filter(x, dy, df);
            gradient.bias(dy, db);
          });
    }
  }

  @Test
  void emptyBatchHasNoGradients() {
    ConvShape shape = ConvShape.conv2d(0, 33, 6, 6, 17, 3, 3).padding(1);
    ConvGradient gradient = gradient(shape, ONE);
    float[] df = filled(shape.filterLength());
    float[] db = filled(17);
    gradient.data(new float[df.length], new float[0], new float[0]);
    gradient.filter(new float[0], new float[0], df);
    gradient.bias(new float[0], db);
    assertArrayEquals(new float[df.length], df);
    assertArrayEquals(new float[17], db);
  }

  @Test
  void wrongLengthsAreNamed() {
    ConvGradient gradient = gradient(ConvShape.conv2d(1, 3, 6, 6, 5, 3, 3), ONE);
    float[] x = new float[36 * 16];
    float[] dy = new float[16 * 16];
    float[] filter = new float[135];
    assertThrows(IllegalArgumentException.class, () -> gradient.data(x, dy, x));
    assertThrows(IllegalArgumentException.class, () -> gradient.packData(x));
    assertThrows(IllegalArgumentException.class, () -> gradient.filter(dy, dy, filter));
    assertThrows(IllegalArgumentException.class, () -> gradient.bias(dy, new float[6]));
  }
}
