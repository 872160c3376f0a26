package dev.lanewise.kernels.im2col;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.kernels.SteadyState;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Im2colTest {

  static List<ConvShape> shapes() {
    return Reference.shapes();
  }

  private static float[] run(
      ConvShape shape, int workers, float[] input, float[] filter, float[] bias, Epilogue last) {
    Im2col im2col = new Im2col(shape, workers);
    float[] output = new float[Layout.NCHW16C.length(shape.outputDims())];
    Arrays.fill(output, Float.NaN);
    float[] padded = Arrays.copyOf(bias, Layout.blocks(shape.outChannels()) * Layout.BLOCK);
    float[] packed = im2col.pack(filter);
    float[] workspace = new float[im2col.workspaceFloats()];
    Arrays.fill(workspace, Float.NaN);
    int units = im2col.units();
    for (int worker = workers - 1; worker >= 0; worker--) {
      int begin = units * worker / workers;
      int end = units * (worker + 1) / workers;
      im2col.run(begin, end, workspace, input, packed, padded, output, last);
    }
    return output;
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void integersAreExactAndPaddingLanesZero(ConvShape shape) {
    float[] input = Reference.integers(Layout.NCHW.length(shape.inputDims()), 1);
    float[] filter = Reference.integers(shape.filterLength(), 2);
    float[] bias = Reference.integers(shape.outChannels(), 3);
    float[] expected = new float[Layout.NCHW.length(shape.outputDims())];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = bias[i / shape.outputPixels() % shape.outChannels()];
    }
    Reference.visit(shape, (x, f, y) -> expected[y] += input[x] * filter[f]);
    float[] blocked = Reorder.to(shape.inputDims(), Layout.NCHW, input, Layout.NCHW16C);
    float[] expectedBlocked = Reorder.to(shape.outputDims(), Layout.NCHW, expected, Layout.NCHW16C);
    assertArrayEquals(expectedBlocked, run(shape, 1, blocked, filter, bias, Epilogue.NONE));
    assertArrayEquals(expectedBlocked, run(shape, 3, blocked, filter, bias, Epilogue.NONE));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void workersDoNotChangeTheBits(ConvShape shape) {
    float[] input =
        Reorder.to(
            shape.inputDims(),
            Layout.NCHW,
            Reference.reals(Layout.NCHW.length(shape.inputDims()), 1),
            Layout.NCHW16C);
    float[] filter = Reference.reals(shape.filterLength(), 2);
    float[] bias = Reference.reals(shape.outChannels(), 3);
    assertArrayEquals(
        run(shape, 1, input, filter, bias, Epilogue.NONE),
        run(shape, 5, input, filter, bias, Epilogue.NONE));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void epilogueSeesEveryPixelOfEveryBlockOnce(ConvShape shape) {
    float[] input = new float[Layout.NCHW16C.length(shape.inputDims())];
    float[] filter = new float[shape.filterLength()];
    float[] bias = new float[shape.outChannels()];
    Epilogue addOne =
        (output, from, to, channels) -> {
          for (int i = from; i < to; i++) {
            output[i] += (i - from) % Layout.BLOCK < channels ? 1 : 0;
          }
        };
    float[] ones = new float[Layout.NCHW.length(shape.outputDims())];
    Arrays.fill(ones, 1);
    assertArrayEquals(
        Reorder.to(shape.outputDims(), Layout.NCHW, ones, Layout.NCHW16C),
        run(shape, 3, input, filter, bias, addOne));
  }

  @Test
  void termsOfAStemAreCompact() {
    ConvShape stem = ConvShape.conv2d(1, 3, 224, 224, 64, 7, 7).stride(2).padding(3);
    assertEquals(160 * 64, new Im2col(stem, 1).packedLength());
    assertThrows(IllegalArgumentException.class, () -> new Im2col(stem, 1).pack(new float[9407]));
  }

  @Test
  void steadyStateAllocatesNothing() {
    ConvShape shape = ConvShape.conv2d(1, 6, 8, 8, 20, 3, 3).padding(1);
    Im2col im2col = new Im2col(shape, 1);
    float[] input = new float[Layout.NCHW16C.length(shape.inputDims())];
    float[] output = new float[Layout.NCHW16C.length(shape.outputDims())];
    float[] packed = im2col.pack(new float[shape.filterLength()]);
    float[] bias = new float[32];
    float[] memory = new float[im2col.workspaceFloats()];
    SteadyState.assertAllocatesNothing(
        () -> im2col.run(0, im2col.units(), memory, input, packed, bias, output, Epilogue.NONE));
  }
}
