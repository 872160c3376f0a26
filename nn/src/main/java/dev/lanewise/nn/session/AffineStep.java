package dev.lanewise.nn.session;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.norm.ChannelAffine;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.graph.Value;
import java.util.Arrays;

/**
 * A scale and a shift of each channel and an activation.
 *
 * @param algorithm what it is called
 * @param scales value of the scales, or null if they are constant
 * @param scale the constant scales, else null
 * @param shift of each channel of all images
 */
record AffineStep(
    String algorithm,
    ChannelAffine plan,
    Value input,
    Value scales,
    Slice scale,
    Slice shift,
    Value output)
    implements Step {

  /** A factor and an activation, the same for all channels. */
  static AffineStep scale(
      String algorithm, Stage stage, float factor, Activation activation, Workers workers) {
    int[] dims = Places.dims(stage.input());
    float[] scale = new float[Layout.blocks(dims[1]) * Layout.BLOCK];
    Arrays.fill(scale, factor);
    return new AffineStep(
        algorithm,
        ChannelAffine.of(dims, activation, workers),
        stage.input(),
        null,
        new Slice(scale, 0, 0),
        new Slice(new float[scale.length], 0, 0),
        stage.output());
  }

  /** A batch norm that no convolution takes in. */
  static AffineStep norm(Stage stage, Operator.BatchNorm norm, Workers workers) {
    int[] dims = Places.dims(stage.input());
    int channels = dims[1];
    float[] scale = new float[Layout.blocks(channels) * Layout.BLOCK];
    float[] shift = new float[scale.length];
    for (int c = 0; c < channels; c++) {
      double variance = (double) norm.running().variance().data()[c] + norm.affine().epsilon();
      double factor = norm.affine().weight().data()[c] / Math.sqrt(variance);
      scale[c] = (float) factor;
      double centre = norm.running().mean().data()[c];
      shift[c] = (float) (norm.affine().bias().data()[c] - centre * factor);
    }
    return new AffineStep(
        "scale and shift",
        ChannelAffine.of(dims, stage.activation(), workers),
        stage.input(),
        null,
        new Slice(scale, 0, 0),
        new Slice(shift, 0, 0),
        stage.output());
  }

  /** A product of channels and numbers that the network computes. */
  static AffineStep product(Stage stage, Workers workers) {
    int[] dims = Places.dims(stage.input());
    float[] zeros = new float[Layout.blocks(dims[1]) * Layout.BLOCK];
    return new AffineStep(
        "scale",
        ChannelAffine.of(dims, Activation.IDENTITY, workers),
        stage.input(),
        stage.operands().getLast(),
        null,
        new Slice(zeros, 0, 0),
        stage.output());
  }

  @Override
  public Runnable bind(Memory memory) {
    Slice in = memory.of(input);
    Slice factors = scales == null ? scale : memory.of(scales);
    Slice out = memory.of(output);
    return () -> plan.run(in, factors, shift, out);
  }

  @Override
  public void warmUp() {
    plan.warmUp();
  }
}
