package dev.lanewise.kernels.composite;

import static dev.lanewise.kernels.Values.reals;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.kernels.SteadyState;
import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.kernels.gradient.ConvGradient;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CompositeGradientTest {

  private static final ConvShape DEPTHWISE =
      ConvShape.conv2d(2, 20, 9, 8, 20, 3, 3).padding(1).stride(2).groups(20);
  private static final ConvShape POINTWISE = ConvShape.conv2d(2, 20, 5, 4, 7, 1, 1);

  private static float[] blocked(int[] dims, long seed) {
    return Reorder.to(dims, Layout.NCHW, reals(Layout.NCHW.length(dims), seed), Layout.NCHW16C);
  }

  private static SeparableFilters filters() {
    return new SeparableFilters(
        reals(DEPTHWISE.filterLength(), 1),
        reals(20, 2),
        reals(POINTWISE.filterLength(), 3),
        reals(7, 4));
  }

  private static SeparableFilters gradients() {
    return new SeparableFilters(
        new float[DEPTHWISE.filterLength()],
        new float[20],
        new float[POINTWISE.filterLength()],
        new float[7]);
  }

  @Test
  void separableGradientsHaveTheBitsOfTheTwoConvolutions() {
    SeparableFilters filters = filters();
    SeparableFilters gradients = gradients();
    float[] x = blocked(DEPTHWISE.inputDims(), 5);
    float[] dy = blocked(POINTWISE.outputDims(), 6);
    float[] dx = new float[x.length];
    try (Workers two = Workers.of(2)) {
      ConvOptions options = ConvOptions.defaults().withWorkers(two);
      SeparableGradient.of(DEPTHWISE, 7, Activation.SILU, options)
          .backward(x, filters, dy, dx, gradients);

      ConvPlan first = ConvPlan.of(DEPTHWISE, options.withAlgorithm(Algorithm.DEPTHWISE));
      float[] sums = new float[first.outputLength()];
      first.run(x, first.pack(filters.depthwise(), filters.depthwiseBias()), sums);
      float[] between = sums.clone();
      int plane = between.length / 4;
      for (int i = 0; i < 4; i++) {
        int channels = i % 2 == 0 ? 16 : 4;
        Activations.applyBlocked(Activation.SILU, between, i * plane, (i + 1) * plane, channels);
      }
      ConvGradient second = ConvGradient.of(POINTWISE, options);
      SeparableFilters expected = gradients();
      second.filter(between, dy, expected.pointwise());
      second.bias(dy, expected.pointwiseBias());
      float[] g = new float[sums.length];
      second.data(filters.pointwise(), dy, g);
      Activations.backward(Activation.SILU, sums, g, g, 0, g.length);
      ConvGradient gradient = ConvGradient.of(DEPTHWISE, options);
      gradient.filter(x, g, expected.depthwise());
      gradient.bias(g, expected.depthwiseBias());
      float[] expectedDx = new float[x.length];
      gradient.data(filters.depthwise(), g, expectedDx);
      assertArrayEquals(expectedDx, dx);
      assertArrayEquals(expected.depthwise(), gradients.depthwise());
      assertArrayEquals(expected.depthwiseBias(), gradients.depthwiseBias());
      assertArrayEquals(expected.pointwise(), gradients.pointwise());
      assertArrayEquals(expected.pointwiseBias(), gradients.pointwiseBias());
    }
  }

  /** Branches of 5 and 30 channels, so that copies cross blocks. */
  @Test
  void branchGradientsAreThoseOfTheirChainsAdded() {
    Branches branches = new Branches(5, 30);
    try (Workers two = Workers.of(2)) {
      ConvOptions options = ConvOptions.defaults().withWorkers(two);
      float[] dx = branches.run(BranchGradient.of(branches.chains, options));
      float[] sum = new float[dx.length];
      int first = 0;
      for (int i = 0; i < branches.chains.size(); i++) {
        Chain chain = branches.chains.get(i);
        ChainGradient passes = ChainGradient.of(chain, options);
        float[] y = new float[passes.outputLength()];
        float[] own = new float[dx.length];
        List<float[]> dw = List.of(new float[branches.filters.get(i).getFirst().length]);
        List<float[]> db = List.of(new float[chain.outputDims()[1]]);
        passes.forward(branches.x, passes.pack(branches.filters.get(i), branches.biases.get(i)), y);
        passes.backward(
            branches.x, branches.filters.get(i), y, branches.part(i, first), own, dw, db);
        assertArrayEquals(dw.getFirst(), branches.gradFilters.get(i).getFirst());
        assertArrayEquals(db.getFirst(), branches.gradBiases.get(i).getFirst());
        for (int j = 0; j < sum.length; j++) {
          sum[j] += own[j];
        }
        first += chain.outputDims()[1];
      }
      assertArrayEquals(sum, dx);
    }
  }

  /** Two branches of one convolution each, with their data. */
  private static final class Branches {
    final List<Chain> chains = new ArrayList<>();
    final List<List<float[]>> filters = new ArrayList<>();
    final List<List<float[]>> biases = new ArrayList<>();
    final List<List<float[]>> gradFilters = new ArrayList<>();
    final List<List<float[]>> gradBiases = new ArrayList<>();
    final float[] x;
    final float[] dense;
    final float[] dy;
    private final int channels;

    Branches(int... widths) {
      channels = Arrays.stream(widths).sum();
      for (int width : widths) {
        ConvShape shape = ConvShape.conv2d(2, 6, 5, 4, width, 3, 3).padding(1);
        chains.add(Chain.of(Activation.RELU, shape));
        filters.add(List.of(reals(shape.filterLength(), width)));
        biases.add(List.of(reals(width, width + 1)));
        gradFilters.add(List.of(new float[shape.filterLength()]));
        gradBiases.add(List.of(new float[width]));
      }
      x = blocked(chains.getFirst().inputDims(), 7);
      dense = reals(2 * channels * 20, 8);
      dy = Reorder.to(new int[] {2, channels, 5, 4}, Layout.NCHW, dense, Layout.NCHW16C);
    }

    float[] run(BranchGradient passes) {
      List<PackedChain> packed = new ArrayList<>();
      for (int i = 0; i < chains.size(); i++) {
        packed.add(passes.branch(i).pack(filters.get(i), biases.get(i)));
      }
      float[] dx = new float[passes.inputLength()];
      passes.forward(x, packed, new float[passes.outputLength()]);
      passes.backward(x, filters, dy, dx, gradFilters, gradBiases);
      return dx;
    }

    /** The gradient of a branch's output. */
    float[] part(int branch, int first) {
      int[] dims = chains.get(branch).outputDims();
      float[] part = new float[Layout.NCHW.length(dims)];
      for (int n = 0; n < 2; n++) {
        System.arraycopy(dense, (n * channels + first) * 20, part, n * dims[1] * 20, dims[1] * 20);
      }
      return Reorder.to(dims, Layout.NCHW, part, Layout.NCHW16C);
    }
  }

  @Test
  void listsThatDoNotFitAreRefused() {
    Branches branches = new Branches(5, 30);
    BranchGradient passes = BranchGradient.of(branches.chains, ConvOptions.defaults());
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> passes.forward(branches.x, List.of(), new float[passes.outputLength()]))
            .getMessage();
    assertEquals("2 branches need as many packed filters, not 0", message);
  }

  @Tag(SteadyState.TAG)
  @Test
  void steadyStateAllocatesNothing() {
    try (Workers one = Workers.of(1)) {
      ConvOptions options = ConvOptions.defaults().withWorkers(one);
      SeparableGradient separable = SeparableGradient.of(DEPTHWISE, 7, Activation.RELU, options);
      SeparableFilters filters = filters();
      SeparableFilters gradients = gradients();
      float[] x = blocked(DEPTHWISE.inputDims(), 5);
      float[] dy = blocked(POINTWISE.outputDims(), 6);
      float[] dx = new float[x.length];
      SteadyState.assertAllocatesNothing(() -> separable.backward(x, filters, dy, dx, gradients));
      Branches branches = new Branches(5, 30);
      BranchGradient passes = BranchGradient.of(branches.chains, options);
      float[] branchDx = branches.run(passes);
      SteadyState.assertAllocatesNothing(
          () ->
              passes.backward(
                  branches.x,
                  branches.filters,
                  branches.dy,
                  branchDx,
                  branches.gradFilters,
                  branches.gradBiases));
    }
  }
}
