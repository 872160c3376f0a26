package dev.lanewise.kernels.composite;

import static dev.lanewise.kernels.Values.integers;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.SteadyState;
import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.kernels.composite.Chain.Link;
import dev.lanewise.kernels.gradient.ConvGradient;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PaddingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class CompositeTest {

  private static final ConvShape WHOLE =
      ConvShape.conv2d(2, 12, 9, 11, 20, 5, 3).padding(2, 1).stride(2, 1);

  @Test
  void separableChainIsCutByAxes() {
    Chain chain = Chain.spatiallySeparable(WHOLE, 7, Activation.RELU, Activation.TANH);
    assertEquals(
        List.of(
            new Link(ConvShape.parse("mb2ic12ih9iw11oc7kh5kw1sh2sw1ph2pw0"), Activation.RELU),
            new Link(ConvShape.parse("mb2ic7ih5iw11oc20kh1kw3pw1"), Activation.TANH)),
        chain.links());
    assertArrayEquals(WHOLE.outputDims(), chain.outputDims());
  }

  @Test
  void flattenedChainGoesAcrossChannelsThenAlongEachAxis() {
    Chain chain = Chain.flattened(WHOLE, Activation.IDENTITY, Activation.RELU);
    assertEquals(
        List.of(
            new Link(ConvShape.parse("mb2ic12ih9iw11oc20"), Activation.IDENTITY),
            new Link(
                ConvShape.parse("g20mb2ic20ih9iw11oc20kh5kw1sh2sw1ph2pw0"), Activation.IDENTITY),
            new Link(ConvShape.parse("g20mb2ic20ih5iw11oc20kh1kw3pw1"), Activation.RELU)),
        chain.links());
    assertArrayEquals(WHOLE.inputDims(), chain.inputDims());
    assertArrayEquals(WHOLE.outputDims(), chain.outputDims());
  }

  /** A filter that is an outer product gives what its factors give one after the other. */
  @Test
  void separableChainComputesTheOuterProductOfItsFilters() {
    ConvShape whole = ConvShape.conv2d(1, 3, 8, 9, 2, 3, 5).padding(1, 2);
    Chain chain = Chain.spatiallySeparable(whole, 4, Activation.IDENTITY, Activation.IDENTITY);
    float[] columns = integers(4 * 3 * 3, 1);
    float[] rows = integers(2 * 4 * 5, 2);
    float[] product = new float[whole.filterLength()];
    for (int out = 0; out < 2; out++) {
      for (int in = 0; in < 3; in++) {
        for (int tap = 0; tap < 15; tap++) {
          for (int middle = 0; middle < 4; middle++) {
            product[(out * 3 + in) * 15 + tap] +=
                columns[(middle * 3 + in) * 3 + tap / 5] * rows[(out * 4 + middle) * 5 + tap % 5];
          }
        }
      }
    }
    float[] input = blocked(whole.inputDims(), 3);
    ChainPlan plan = ChainPlan.of(chain, ConvOptions.defaults());
    float[] output = new float[plan.outputLength()];
    plan.run(input, plan.pack(List.of(columns, rows), Arrays.asList(null, null)), output);
    ConvPlan single = ConvPlan.of(whole);
    float[] expected = new float[single.outputLength()];
    single.run(input, single.pack(product, null), expected);
    assertArrayEquals(expected, output, 1e-2f);
  }

  @Test
  void chainHasTheBitsOfItsConvolutionsOneByOne() {
    for (Chain chain :
        List.of(
            Chain.spatiallySeparable(WHOLE, 40, Activation.RELU, Activation.SIGMOID),
            Chain.flattened(
                WHOLE.padding(PaddingMode.REPLICATE), Activation.RELU, Activation.IDENTITY),
            Chain.of(Activation.RELU, ConvShape.conv1d(3, 5, 20, 7, 3)))) {
      try (Workers three = Workers.of(3)) {
        ChainPlan plan = ChainPlan.of(chain, ConvOptions.defaults().withWorkers(three));
        float[] input = blocked(chain.inputDims(), 4);
        float[] output = new float[plan.outputLength()];
        plan.run(input, pack(plan), output);
        assertArrayEquals(oneByOne(plan, input, three), output);
      }
    }
  }

  /** With SiLU the sums are kept, with tanh the results. */
  @Test
  void backwardOfAChainHasTheBitsOfItsPartsOneByOne() {
    ConvShape first = ConvShape.conv2d(2, 5, 7, 8, 20, 3, 3).padding(1);
    ConvShape second = ConvShape.conv2d(2, 20, 7, 8, 6, 1, 3).padding(0, 1);
    Chain chain =
        new Chain(List.of(new Link(first, Activation.SILU), new Link(second, Activation.TANH)));
    ConvOptions options = ConvOptions.defaults().withAlgorithm(Algorithm.DIRECT);
    float[] w1 = integers(first.filterLength(), 1);
    float[] w2 = integers(second.filterLength(), 2);
    float[] x = blocked(first.inputDims(), 3);
    float[] dy = blocked(second.outputDims(), 4);
    ChainGradient gradient = ChainGradient.of(chain, options);
    float[] y = new float[gradient.outputLength()];
    float[] dx = new float[gradient.inputLength()];
    List<float[]> dw = List.of(new float[w1.length], new float[w2.length]);
    List<float[]> db = List.of(new float[20], new float[6]);
    PackedChain packed = gradient.pack(List.of(w1, w2), Arrays.asList(null, null));
    gradient.forward(x, packed, y);
    gradient.backward(x, List.of(w1, w2), y, dy, dx, dw, db);

    ChainPlan plan = ChainPlan.of(chain, options);
    float[] fused = new float[y.length];
    plan.run(x, plan.pack(List.of(w1, w2), Arrays.asList(null, null)), fused);
    assertArrayEquals(fused, y);
    ConvPlan sumsPlan = ConvPlan.of(first, options);
    float[] sums = new float[sumsPlan.outputLength()];
    sumsPlan.run(x, sumsPlan.pack(w1, null), sums);
    float[] middle = new float[sums.length];
    ConvPlan middlePlan = ConvPlan.of(first, options.withActivation(Activation.SILU));
    middlePlan.run(x, middlePlan.pack(w1, null), middle);
    float[] g = new float[dy.length];
    Activations.backward(Activation.TANH, y, dy, g, 0, g.length);
    ConvGradient secondGradient = ConvGradient.of(second, options);
    float[] expected = new float[w2.length];
    secondGradient.filter(middle, g, expected);
    assertArrayEquals(expected, dw.get(1));
    float[] gMiddle = new float[middle.length];
    secondGradient.data(w2, g, gMiddle);
    Activations.backward(Activation.SILU, sums, gMiddle, gMiddle, 0, gMiddle.length);
    ConvGradient firstGradient = ConvGradient.of(first, options);
    float[] expectedDx = new float[dx.length];
    firstGradient.data(w1, gMiddle, expectedDx);
    assertArrayEquals(expectedDx, dx);
    float[] expectedDb = new float[20];
    firstGradient.bias(gMiddle, expectedDb);
    assertArrayEquals(expectedDb, db.get(0));
  }

  @Test
  void branchesAreConcatenatedWhereverTheirChannelsFall() {
    int[][] channels = {{32, 16, 20}, {8, 24, 16}, {5, 3, 30}, {16, 7}, {40}, {3, 13, 16}};
    for (int[] widths : channels) {
      List<Chain> chains = new ArrayList<>();
      for (int width : widths) {
        chains.add(inception(width, chains.size()));
      }
      try (Workers two = Workers.of(2)) {
        ConvOptions options = ConvOptions.defaults().withWorkers(two);
        BranchPlan plan = BranchPlan.of(chains, options);
        float[] input = blocked(chains.getFirst().inputDims(), 5);
        float[] output = new float[plan.outputLength()];
        Arrays.fill(output, Float.NaN);
        List<PackedChain> filters = new ArrayList<>();
        List<float[]> parts = new ArrayList<>();
        for (int i = 0; i < plan.size(); i++) {
          filters.add(pack(plan.branch(i)));
          float[] part = new float[plan.branch(i).outputLength()];
          plan.branch(i).run(input, filters.get(i), part);
          parts.add(Reorder.to(chains.get(i).outputDims(), Layout.NCHW16C, part, Layout.NCHW));
        }
        plan.run(input, filters, output);
        assertArrayEquals(concatenated(plan.outputDims(), widths, parts), output);
      }
    }
  }

  @Test
  void wholeBlocksAreWrittenInPlaceAndOthersCopied() {
    String text =
        BranchPlan.of(
                List.of(inception(32, 0), inception(20, 1), inception(12, 2), inception(5, 0)),
                ConvOptions.defaults())
            .explain();
    assertTrue(text.contains("channels 0 to 31, in place"), text);
    assertTrue(text.contains("channels 32 to 51, copied"), text);
    assertTrue(text.contains("channels 52 to 63, copied"), text);
    assertTrue(text.contains("channels 64 to 68, in place"), text);
  }

  @Tag(SteadyState.TAG)
  @Test
  void steadyStateAllocatesNothing() {
    try (Workers one = Workers.of(1)) {
      BranchPlan plan =
          BranchPlan.of(
              List.of(inception(16, 1), inception(5, 2), inception(7, 0)),
              ConvOptions.defaults().withWorkers(one));
      List<PackedChain> filters =
          List.of(pack(plan.branch(0)), pack(plan.branch(1)), pack(plan.branch(2)));
      float[] input = new float[plan.inputLength()];
      float[] output = new float[plan.outputLength()];
      SteadyState.assertAllocatesNothing(() -> plan.run(input, filters, output));
    }
  }

  @Test
  void emptyBatchComputesNothing() {
    BranchPlan plan =
        BranchPlan.of(
            List.of(
                Chain.of(Activation.RELU, ConvShape.conv2d(0, 3, 5, 5, 4, 3, 3)),
                Chain.flattened(
                    ConvShape.conv2d(0, 3, 5, 5, 6, 3, 3), Activation.RELU, Activation.RELU)),
            ConvOptions.defaults());
    plan.run(new float[0], List.of(pack(plan.branch(0)), pack(plan.branch(1))), new float[0]);
  }

  @Test
  void partsThatDoNotFitAreRefusedWithRuleAndValues() {
    ConvShape first = ConvShape.conv2d(1, 3, 8, 8, 5, 3, 3);
    assertMessage(
        "convolution 1 of a chain takes [1, 3, 8, 8], but the one before it gives [1, 5, 6, 6]",
        () -> Chain.of(Activation.RELU, first, first));
    assertMessage("at least one", () -> new Chain(List.of()));
    Chain chain = Chain.of(Activation.RELU, first);
    assertMessage(
        "activations of their own",
        () -> ChainPlan.of(chain, ConvOptions.defaults().withResidual()));
    assertMessage(
        "only output channels may differ",
        () ->
            BranchPlan.of(
                List.of(chain, Chain.of(Activation.RELU, first.padding(1))),
                ConvOptions.defaults()));
    ChainPlan plan = ChainPlan.of(chain, ConvOptions.defaults());
    assertMessage(
        "needs as many filters and biases, not 0 and 0", () -> plan.pack(List.of(), List.of()));
    assertMessage(
        "input needs 1024 floats",
        () -> plan.run(new float[3], pack(plan), new float[plan.outputLength()]));
  }

  /** A branch as in Inception: 1x1 alone, or followed by a 3x3 or a 5x5. */
  private static Chain inception(int channels, int kind) {
    ConvShape reduce = ConvShape.conv2d(2, 19, 7, 6, kind == 0 ? channels : 9, 1, 1);
    if (kind == 0) {
      return Chain.of(Activation.RELU, reduce);
    }
    int kernel = 1 + 2 * kind;
    ConvShape wide = ConvShape.conv2d(2, 9, 7, 6, channels, kernel, kernel).same();
    return Chain.of(Activation.RELU, reduce, wide);
  }

  private static PackedChain pack(ChainPlan plan) {
    List<float[]> filters = new ArrayList<>();
    List<float[]> biases = new ArrayList<>();
    for (Link link : plan.chain().links()) {
      filters.add(integers(link.shape().filterLength(), filters.size()));
      biases.add(integers(link.shape().outChannels(), 9));
    }
    return plan.pack(filters, biases);
  }

  private static float[] oneByOne(ChainPlan plan, float[] input, Workers workers) {
    float[] values = input;
    int index = 0;
    for (Link link : plan.chain().links()) {
      ConvPlan single =
          ConvPlan.of(
              link.shape(),
              ConvOptions.defaults().withWorkers(workers).withActivation(link.activation()));
      float[] output = new float[single.outputLength()];
      single.run(
          values,
          single.pack(
              integers(link.shape().filterLength(), index++),
              integers(link.shape().outChannels(), 9)),
          output);
      values = output;
    }
    return values;
  }

  private static float[] concatenated(int[] dims, int[] widths, List<float[]> parts) {
    int pixels = dims[2] * dims[3];
    float[] planar = new float[Layout.NCHW.length(dims)];
    for (int n = 0; n < dims[0]; n++) {
      int channel = 0;
      for (int i = 0; i < widths.length; i++) {
        System.arraycopy(
            parts.get(i),
            n * widths[i] * pixels,
            planar,
            (n * dims[1] + channel) * pixels,
            widths[i] * pixels);
        channel += widths[i];
      }
    }
    return Reorder.to(dims, Layout.NCHW, planar, Layout.NCHW16C);
  }

  private static float[] blocked(int[] dims, long seed) {
    return Reorder.to(dims, Layout.NCHW, integers(Layout.NCHW.length(dims), seed), Layout.NCHW16C);
  }

  private static void assertMessage(String part, Executable action) {
    String message = assertThrows(IllegalArgumentException.class, action).getMessage();
    assertTrue(message.contains(part), message);
  }
}
